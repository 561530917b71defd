/** Of the least-squares line, from one sample (one second) to the next. */
export function slope(samples) {
  const middle = (samples.length - 1) / 2;
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const covariance = samples.reduce((sum, sample, at) => sum + (at - middle) * (sample - mean), 0);
  const variance = samples.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return covariance / variance;
}
