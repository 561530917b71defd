import { compressSync } from '@napi-rs/lzma/lzma';
import type { Micros } from '@autotrader/schemas';
import type { SimulatedCandle } from './candles.js';
import type { SimulatedTick } from './market.js';

const SIZE_AT = 5;
const MICROS_PER_MS = 1_000;
const SECOND = 1_000_000;

/** Ticks as an hourly file. */
export function bi5Ticks(ticks: readonly SimulatedTick[], hour: Micros): Buffer {
  const records = Buffer.alloc(ticks.length * 20);
  for (const [row, { time, ask, bid, askMillions, bidMillions }] of ticks.entries()) {
    const at = row * 20;
    records.writeUInt32BE((time - hour) / MICROS_PER_MS, at);
    records.writeUInt32BE(ask, at + 4);
    records.writeUInt32BE(bid, at + 8);
    records.writeFloatBE(askMillions, at + 12);
    records.writeFloatBE(bidMillions, at + 16);
  }
  return bi5(records);
}

/** Candles as a file of a time that begins then. */
export function bi5Candles(candles: readonly SimulatedCandle[], begins: Micros): Buffer {
  const records = Buffer.alloc(candles.length * 24);
  for (const [row, { openTime, open, close, low, high, volume }] of candles.entries()) {
    const at = row * 24;
    for (const [field, value] of [(openTime - begins) / SECOND, open, close, low, high].entries())
      records.writeUInt32BE(value, at + field * 4);
    records.writeFloatBE(volume, at + 20);
  }
  return bi5(records);
}

/** Ticks as the JSON interface gives them. */
export function jettaTicks(ticks: readonly SimulatedTick[], hour: Micros, divisor: number): string {
  const [first] = ticks;
  const start = hour / MICROS_PER_MS;
  return JSON.stringify({
    timestamp: start,
    multiplier: 1 / divisor,
    ask: first === undefined ? null : first.ask / divisor,
    bid: first === undefined ? null : first.bid / divisor,
    times: steps(ticks, ({ time }) => time / MICROS_PER_MS, start),
    asks: steps(ticks, ({ ask }) => ask, first?.ask),
    bids: steps(ticks, ({ bid }) => bid, first?.bid),
    askVolumes: ticks.map(({ askMillions }) => Math.round(askMillions * 1e6)),
    bidVolumes: ticks.map(({ bidMillions }) => Math.round(bidMillions * 1e6)),
  });
}

/** Candles as the JSON interface gives them. */
export function jettaCandles(
  candles: readonly SimulatedCandle[],
  begins: Micros,
  shift: number,
  divisor: number,
): string {
  const [first] = candles;
  const start = begins / MICROS_PER_MS;
  const price = (name: 'open' | 'high' | 'low' | 'close'): number | null =>
    first === undefined ? null : first[name] / divisor;
  const prices = (name: 'open' | 'high' | 'low' | 'close'): number[] =>
    steps(candles, (candle) => candle[name], first?.[name]);
  return JSON.stringify({
    timestamp: start,
    multiplier: 1 / divisor,
    ...{ open: price('open'), high: price('high'), low: price('low'), close: price('close') },
    shift,
    times: steps(candles, ({ openTime }) => (openTime / MICROS_PER_MS - start) / shift, 0),
    ...{ opens: prices('open'), highs: prices('high'), lows: prices('low'), closes: prices('close') },
    volumes: candles.map(({ volume }) => volume),
  });
}

/** The venue's files tell their size; the encoder leaves it open. */
function bi5(records: Buffer): Buffer {
  if (records.length === 0) return records;
  const file = compressSync(records);
  file.writeBigUInt64LE(BigInt(records.length), SIZE_AT);
  return file;
}

/** From each value to the next, the first counted from where it begins. */
function steps<Row>(rows: readonly Row[], valueOf: (row: Row) => number, begins = 0): number[] {
  let last = begins;
  return rows.map((row) => {
    const value = valueOf(row);
    const step = value - last;
    last = value;
    return step;
  });
}
