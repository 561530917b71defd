import { randomFrom } from '@autotrader/connector-core/testing';
import type { Micros } from '@autotrader/schemas';
import { newYorkDate, newYorkMidnight } from '../new-york.js';
import { endOf, isOfDays, type Span } from '../spans.js';
import type { SimulatedAggregate } from './simulator.js';

const MILLI = 1_000;
const STEPS = { second: 1_000_000, minute: 60_000_000, hour: 3_600_000_000 } as const;
const DAY = 86_400_000_000;
/** One in so many bars splits into shares, of which fractions are reported. */
const FRACTIONAL = 3;

/** A market that is the same for the same seed, whenever it is asked for which time. */
export class SimulatedMarket {
  constructor(
    private readonly seed: number,
    private readonly isAdjusted: boolean,
  ) {}

  /** The aggregates that begin in a time; of days, none on Saturday and Sunday. */
  aggregates(ticker: string, span: Span, from: Micros, to: Micros): SimulatedAggregate[] {
    const isNewYork = !/^[CX]:/.test(ticker);
    const all: SimulatedAggregate[] = [];
    for (let start = firstStart(from, span, isNewYork); start < to; start = endOf(start, span, isNewYork))
      if (start >= from && isTraded(ticker, start)) all.push(this.#aggregate(ticker, span, start));
    return all;
  }

  #aggregate(ticker: string, { timespan, multiplier }: Span, start: Micros): SimulatedAggregate {
    const random = randomFrom(hashOf(`${this.seed} ${ticker} ${multiplier}${timespan} ${start}`));
    const scale = this.isAdjusted ? 1 : 4;
    const price = (base: number): number => Math.round(base * 100 * scale) / 100;
    const [o, c] = [100 + random() * 10, 100 + random() * 10];
    const [h, l] = [Math.max(o, c) + random(), Math.min(o, c) - random()];
    const whole = Math.floor((1_000 + random() * 1e6) / scale);
    const v = Math.floor(random() * FRACTIONAL) === 0 ? whole + 0.6 : whole;
    return {
      ...{ v, vw: price((o + c) / 2), o: price(o), c: price(c), h: price(h), l: price(l) },
      ...{ t: start / MILLI, n: Math.ceil(whole / 100) },
    };
  }
}

function firstStart(from: Micros, span: Span, isNewYork: boolean): Micros {
  const { timespan, multiplier } = span;
  if (!isOfDays(span)) {
    const step = STEPS[timespan as keyof typeof STEPS] * multiplier;
    return Math.ceil(from / step) * step;
  }
  const date = isNewYork ? newYorkDate(from) : utcDate(from);
  const day = timespan === 'day' || timespan === 'week' ? date.day : 1;
  const month =
    timespan === 'year' ? 1 : timespan === 'quarter' ? date.month - ((date.month - 1) % 3) : date.month;
  return isNewYork
    ? newYorkMidnight({ year: date.year, month, day })
    : Date.UTC(date.year, month - 1, day) * MILLI;
}

function utcDate(time: Micros): { year: number; month: number; day: number } {
  const date = new Date(time / MILLI);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The first of January 1970 was a Thursday. Crypto is traded every day. */
function isTraded(ticker: string, start: Micros): boolean {
  const weekday = (Math.floor(start / DAY) + 4) % 7;
  return ticker.startsWith('X:') || (weekday !== 0 && weekday !== 6);
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
