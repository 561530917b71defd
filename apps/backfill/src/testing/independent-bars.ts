const MINUTE = 60_000_000;

/** A minute of quotes, computed here and not by what is tested. */
export interface IndependentBar {
  readonly minute: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly ticks: number;
}

/** The minute that a time is in. */
export function minuteOf(time: number): number {
  return time - (time % MINUTE);
}

/** The minutes of prices that come in their order; a middle of two prices of five decimals has six. */
export function barsOf(
  prices: readonly { readonly minute: number; readonly price: number }[],
): IndependentBar[] {
  const bars = new Map<number, IndependentBar>();
  for (const { minute, price: exact } of prices) {
    const price = Number(exact.toFixed(6));
    const bar = bars.get(minute) ?? { minute, open: price, high: price, low: price, close: price, ticks: 0 };
    const [high, low] = [Math.max(bar.high, price), Math.min(bar.low, price)];
    bars.set(minute, { ...bar, high, low, close: price, ticks: bar.ticks + 1 });
  }
  return [...bars.values()];
}
