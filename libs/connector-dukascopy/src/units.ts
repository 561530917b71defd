const DIGITS = 1e6;
const LEAST = 1e-6;

/**
 * Base units of a size in millions, which is a float of 32 bits in the files: it has six digits that mean something (4.62 is
 * 4.619999885559082 there), and exactly those are kept.
 */
export function unitsOf(millions: number): number {
  const units = millions * 1e6;
  if (units >= DIGITS) {
    let step = 10;
    while (units >= step * DIGITS && step < 1e300) step *= 10;
    return Math.round(units / step) * step;
  }
  if (!(units >= LEAST)) return units === 0 ? 0 : Number(units.toPrecision(6));
  let scale = 1;
  while (units * scale < DIGITS / 10) scale *= 10;
  return Math.round(units * scale) / scale;
}
