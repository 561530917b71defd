import { firstIssue } from '@autotrader/connector-core';
import { z } from 'zod';
import { CorruptFile } from './corrupt-file.js';
import {
  allocateTicks,
  noTicks,
  type RawCandle,
  type RawCandles,
  type RawTicks,
  wrongCandle,
  wrongTick,
} from './raw.js';
import { unitsOf } from './units.js';

const MILLI = 1_000;

const numbers = z.array(z.number());
const wholes = z.array(z.int());
const millis = z.int().min(0);
/** Null where the time has no prices. */
const price = z.number().positive().nullable();

/** Ticks of an hour: the first price, and how times (milliseconds) and prices (in steps of `multiplier`) go on from there. */
export const WireTicks = z.strictObject({
  timestamp: millis,
  multiplier: z.number().positive(),
  ask: price,
  bid: price,
  times: wholes,
  asks: wholes,
  bids: wholes,
  askVolumes: numbers,
  bidVolumes: numbers,
});

/** Candles of a day, month or year, likewise; `times` count steps of `shift` milliseconds, volumes are millions. */
export const WireCandles = z.strictObject({
  timestamp: millis,
  multiplier: z.number().positive(),
  open: price,
  high: price,
  low: price,
  close: price,
  shift: z.int().min(1),
  times: wholes,
  opens: wholes,
  highs: wholes,
  lows: wholes,
  closes: wholes,
  volumes: numbers,
});

/**
 * The ticks of an hour as the JSON interface has them.
 * @param hour when it begins, milliseconds since the epoch.
 * @throws CorruptFile when they are no such thing.
 */
export function decodeJettaTicks(file: Uint8Array, hour: number): RawTicks {
  const { timestamp, multiplier, ask, bid, times, asks, bids, askVolumes, bidVolumes } = parsed(
    WireTicks,
    file,
  );
  const divisor = divisorOf(multiplier);
  sameLength([times, asks, bids, askVolumes, bidVolumes]);
  if (times.length === 0) return noTicks(divisor);
  if (ask === null || bid === null) throw new CorruptFile('ticks without a price');
  const ticks = allocateTicks(times.length, divisor);
  let time = timestamp - hour;
  let [askSteps, bidSteps] = [stepsOf(ask, divisor), stepsOf(bid, divisor)];
  for (let row = 0; row < times.length; row++) {
    // All are of one length.
    ticks.millis[row] = time += times[row]!;
    ticks.ask[row] = askSteps += asks[row]!; // as above
    ticks.bid[row] = bidSteps += bids[row]!; // as above
    ticks.askSize[row] = askVolumes[row]!; // as above
    ticks.bidSize[row] = bidVolumes[row]!; // as above
  }
  const wrong = wrongTick(ticks);
  if (wrong !== undefined) throw new CorruptFile(wrong);
  return ticks;
}

/** The candles of a file of the JSON interface. @throws CorruptFile when they are no such thing. */
export function decodeJettaCandles(file: Uint8Array): RawCandles {
  const wire = parsed(WireCandles, file);
  const divisor = divisorOf(wire.multiplier);
  const { times, opens, highs, lows, closes, volumes } = wire;
  sameLength([times, opens, highs, lows, closes, volumes]);
  if (times.length === 0) return { divisor, rows: [] };
  const { open, high, low, close } = wire;
  if (open === null || high === null || low === null || close === null)
    throw new CorruptFile('candles without a price');
  const steps = [open, high, low, close].map((value) => stepsOf(value, divisor));
  let [openSteps = 0, highSteps = 0, lowSteps = 0, closeSteps = 0] = steps;
  let time = wire.timestamp;
  const rows = times.map((shifts, row): RawCandle => {
    time += shifts * wire.shift;
    return {
      openTime: time * MILLI,
      // All are of one length.
      open: (openSteps += opens[row]!),
      high: (highSteps += highs[row]!), // as above
      low: (lowSteps += lows[row]!), // as above
      close: (closeSteps += closes[row]!), // as above
      volume: unitsOf(volumes[row]!), // as above
    };
  });
  const candles = { divisor, rows };
  const wrong = wrongCandle(candles);
  if (wrong !== undefined) throw new CorruptFile(wrong);
  return candles;
}

function parsed<Wire>(schema: z.ZodType<Wire>, file: Uint8Array): Wire {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(file).toString('utf8'));
  } catch (error) {
    throw new CorruptFile('not JSON', { cause: error });
  }
  const checked = schema.safeParse(json);
  if (checked.success) return checked.data;
  throw new CorruptFile(firstIssue(checked.error));
}

/** 0.00001 is 100,000. */
function divisorOf(multiplier: number): number {
  const divisor = Math.round(1 / multiplier);
  if (divisor < 1 || Math.abs(divisor * multiplier - 1) > 1e-9)
    throw new CorruptFile(`prices in steps of ${multiplier}`);
  return divisor;
}

/** Of some instruments the interface tells a wrong step: no price of theirs is a multiple of it. */
function stepsOf(value: number, divisor: number): number {
  const steps = Math.round(value * divisor);
  if (steps / divisor !== value) throw new CorruptFile(`${value} is not a multiple of 1/${divisor}`);
  return steps;
}

function sameLength(columns: readonly (readonly unknown[])[]): void {
  if (new Set(columns.map(({ length }) => length)).size > 1)
    throw new CorruptFile('columns of unequal length');
}
