import { randomFrom } from '@autotrader/connector-core/testing';
import type { Micros } from '@autotrader/schemas';
import type { DukascopyInstrument } from '../instruments.js';

const HOUR = 3_600_000_000;
const HOUR_MS = 3_600_000;
const DAYS = 7;
/** The first of January 1970 was a Thursday. */
const EPOCH_WEEKDAY = 4;
const CLOSES = { weekday: 5, hour: 22 };
const OPENS = { weekday: 0, hour: 22 };

/** A tick of the simulated market, in what its files say. */
export interface SimulatedTick {
  /** Microseconds since the epoch. */
  readonly time: Micros;
  /** Prices: whole numbers, as many to one as the instrument's divisor. */
  readonly ask: number;
  readonly bid: number;
  /** Sizes in millions, of two decimals. */
  readonly askMillions: number;
  readonly bidMillions: number;
}

/** A market that is the same for the same seed, whenever it is asked for which hour. */
export class SimulatedMarket {
  constructor(
    private readonly seed: number,
    private readonly ticksPerHour: number,
    private readonly isAlwaysOpen: boolean,
  ) {}

  /** The ticks of an hour; none while it is closed. */
  ticks({ venueSymbol, divisor }: DukascopyInstrument, hour: Micros): SimulatedTick[] {
    if (!this.isAlwaysOpen && !isOpen(hour)) return [];
    const random = randomFrom(hashOf(`${this.seed} ${venueSymbol} ${hour}`));
    const times = Array.from({ length: this.ticksPerHour }, () => Math.floor(random() * HOUR_MS));
    times.sort((a, b) => a - b);
    let bid = Math.round(divisor * (1.1 + 0.01 * Math.sin(hour / HOUR / 7)));
    return times.map((millis) => {
      bid += Math.round((random() - 0.5) * 10);
      const ask = bid + 1 + Math.floor(random() * 8);
      const size = (): number => Math.round((0.1 + random() * 20) * 100) / 100;
      return { time: hour + millis * 1_000, ask, bid, askMillions: size(), bidMillions: size() };
    });
  }
}

/** From Sunday 22:00 to Friday 22:00 UTC. */
function isOpen(hour: Micros): boolean {
  const hours = hour / HOUR;
  const weekday = (Math.floor(hours / 24) + EPOCH_WEEKDAY) % DAYS;
  const at = hours % 24;
  if (weekday === CLOSES.weekday) return at < CLOSES.hour;
  if (weekday === OPENS.weekday) return at >= OPENS.hour;
  return weekday !== 6;
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
