import { decompressSync } from '@napi-rs/lzma/lzma';
import type { Micros } from '@autotrader/schemas';
import { CorruptFile } from './corrupt-file.js';
import {
  allocateTicks,
  type RawCandle,
  type RawCandles,
  type RawTicks,
  wrongCandle,
  wrongTick,
} from './raw.js';
import { unitsOf } from './units.js';

const HEADER_BYTES = 13;
/** Literal context 3, position 0: what the venue's encoder always says. */
const PROPERTIES = 0x5d;
/** An hour of the busiest instrument has some hundred thousand ticks, of 20 bytes each. */
const MOST_BYTES = 16 * 2 ** 20;
const TICK_BYTES = 20;
const CANDLE_BYTES = 24;
const SECOND = 1_000_000;

/**
 * The ticks of an hour's `.bi5` file: LZMA of records of 20 bytes, big-endian: milliseconds since the hour began, ask, bid, and
 * their sizes in millions as floats. No bytes are an hour without ticks.
 * @throws CorruptFile when it is not such a file.
 */
export function decodeBi5Ticks(file: Uint8Array, divisor: number): RawTicks {
  const view = recordsOf(file, TICK_BYTES);
  const length = view.byteLength / TICK_BYTES;
  const ticks = allocateTicks(length, divisor);
  const { millis, ask, bid, askSize, bidSize } = ticks;
  for (let row = 0, at = 0; row < length; row++, at += TICK_BYTES) {
    millis[row] = view.getUint32(at);
    ask[row] = view.getUint32(at + 4);
    bid[row] = view.getUint32(at + 8);
    askSize[row] = unitsOf(view.getFloat32(at + 12));
    bidSize[row] = unitsOf(view.getFloat32(at + 16));
  }
  return checked(ticks, wrongTick(ticks));
}

/**
 * The candles of a `.bi5` file: records of 24 bytes, big-endian: seconds since the file's time began, open, close, low, high
 * (in this order), and the volume in millions as a float.
 * @throws CorruptFile when it is not such a file.
 */
export function decodeBi5Candles(file: Uint8Array, divisor: number, begins: Micros): RawCandles {
  const view = recordsOf(file, CANDLE_BYTES);
  const rows: RawCandle[] = [];
  for (let at = 0; at < view.byteLength; at += CANDLE_BYTES)
    rows.push({
      openTime: begins + view.getUint32(at) * SECOND,
      open: view.getUint32(at + 4),
      close: view.getUint32(at + 8),
      low: view.getUint32(at + 12),
      high: view.getUint32(at + 16),
      volume: unitsOf(view.getFloat32(at + 20)),
    });
  const candles = { divisor, rows };
  return checked(candles, wrongCandle(candles));
}

function recordsOf(file: Uint8Array, recordBytes: number): DataView {
  if (file.length === 0) return new DataView(new ArrayBuffer(0));
  const size = sizeOf(file);
  if (size % recordBytes !== 0) throw new CorruptFile(`${size} bytes are not records of ${recordBytes}`);
  const records = decompressed(file);
  if (records.length !== size) throw new CorruptFile(`${records.length} bytes where ${size} are announced`);
  return new DataView(records.buffer, records.byteOffset, records.length);
}

/** What the header announces; some bytes of one, or another file altogether, are told by it. */
function sizeOf(file: Uint8Array): number {
  if (file.length <= HEADER_BYTES || file[0] !== PROPERTIES) throw new CorruptFile('not LZMA');
  const size = new DataView(file.buffer, file.byteOffset).getBigUint64(5, true);
  if (size > MOST_BYTES) throw new CorruptFile(`announces ${size.toString()} bytes`);
  return Number(size);
}

function decompressed(file: Uint8Array): Buffer {
  try {
    return decompressSync(file);
  } catch (error) {
    throw new CorruptFile('cut short or damaged', { cause: error });
  }
}

function checked<Value>(value: Value, wrong: string | undefined): Value {
  if (wrong !== undefined) throw new CorruptFile(wrong);
  return value;
}
