/** The slope of the least-squares line through points, in units of y a unit of x. */
export function trend(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [middleX, middleY] = [mean(([x]) => x), mean(([, y]) => y)];
  const covariance = mean(([x, y]) => (x - middleX) * (y - middleY));
  const variance = mean(([x]) => (x - middleX) ** 2);
  return variance === 0 ? 0 : covariance / variance;
}
