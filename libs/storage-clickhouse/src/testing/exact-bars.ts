import { midOf, type RecordedTick, units } from './recorded-ticks.js';

/** A bar as a query should show it. */
export interface ExactBar {
  readonly price_type: string;
  readonly open_time: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly trades: number;
}

/** The bars of ticks, each of them given once: computed from the venue's digits, with whole numbers. */
export function exactBars(ticks: readonly RecordedTick[], minutes = 1): ExactBar[] {
  const groups = new Map<string, RecordedTick[]>();
  for (const tick of ticks) {
    const key = JSON.stringify([typeOf(tick), Math.floor(tick.time / (minutes * 60_000_000))]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [tick]);
    else group.push(tick);
  }
  return [...groups.values()].map((group) => barOf(group, minutes)).sort(byTypeAndTime);
}

function barOf(group: readonly RecordedTick[], minutes: number): ExactBar {
  const ordered = group.toSorted((one, other) => one.time - other.time || one.id - other.id);
  const [first] = ordered;
  if (first === undefined) throw new RangeError('no ticks');
  const prices = ordered.map((tick) => (tick.stream === 'trade' ? Number(tick.price) : midOf(tick)));
  const volume = ordered.reduce((sum, { size }) => sum + (size === '' ? 0n : units(size)), 0n);
  const length = minutes * 60_000_000;
  return {
    price_type: typeOf(first),
    open_time: new Date((Math.floor(first.time / length) * length) / 1000).toISOString().replace('Z', '000Z'),
    open: prices[0] ?? NaN,
    high: prices.reduce((most, price) => Math.max(most, price)),
    low: prices.reduce((least, price) => Math.min(least, price)),
    close: prices.at(-1) ?? NaN,
    volume: Number(`${volume}e-8`),
    trades: ordered.length,
  };
}

function typeOf({ stream }: RecordedTick): string {
  return stream === 'trade' ? 'trade' : 'mid';
}

function byTypeAndTime(one: ExactBar, other: ExactBar): number {
  return one.price_type.localeCompare(other.price_type) || one.open_time.localeCompare(other.open_time);
}
