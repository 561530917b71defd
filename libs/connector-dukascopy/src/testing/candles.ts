import type { Micros } from '@autotrader/schemas';
import type { CandleInterval, CandleSide } from '../normalize.js';
import type { Period } from '../periods.js';
import type { SimulatedTick } from './market.js';

const STEP = { '1m': 60_000_000, '1h': 3_600_000_000, '1d': 86_400_000_000 } as const;

/** A candle of the simulated market, in what its files say. */
export interface SimulatedCandle {
  readonly openTime: Micros;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** In millions. */
  readonly volume: number;
}

/** Candles of one side, made of the ticks. */
export function candlesOf(
  ticks: readonly SimulatedTick[],
  interval: CandleInterval,
  side: CandleSide,
): SimulatedCandle[] {
  const candles = new Map<Micros, SimulatedCandle>();
  for (const tick of ticks) {
    const openTime = tick.time - (tick.time % STEP[interval]);
    const price = tick[side];
    const volume = side === 'bid' ? tick.bidMillions : tick.askMillions;
    const { open = price, high = price, low = price, volume: before = 0 } = candles.get(openTime) ?? {};
    candles.set(openTime, {
      openTime,
      open,
      high: Math.max(high, price),
      low: Math.min(low, price),
      close: price,
      volume: Math.round((before + volume) * 100) / 100,
    });
  }
  return [...candles.values()];
}

/** The candles with those that the venue makes up between them: one price and no volume. */
export function withMadeUp(
  candles: readonly SimulatedCandle[],
  interval: CandleInterval,
  { from, to }: Period,
): SimulatedCandle[] {
  const [first] = candles;
  if (first === undefined) return [];
  const byTime = new Map(candles.map((candle) => [candle.openTime, candle]));
  const all: SimulatedCandle[] = [];
  let price = first.open;
  for (let openTime = from; openTime < to; openTime += STEP[interval]) {
    const candle = byTime.get(openTime);
    price = candle?.close ?? price;
    all.push(candle ?? { openTime, open: price, high: price, low: price, close: price, volume: 0 });
  }
  return all;
}

/** Milliseconds from one candle to the next. */
export function stepMs(interval: CandleInterval): number {
  return STEP[interval] / 1_000;
}
