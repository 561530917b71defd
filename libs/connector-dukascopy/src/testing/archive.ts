import { RejectedError } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import { type DukascopyInstrument, instrumentOf } from '../instruments.js';
import type { CandleInterval, CandleSide } from '../normalize.js';
import { candlePeriodOf } from '../periods.js';
import { stepMs, withMadeUp } from './candles.js';
import { bi5Candles, bi5Ticks, jettaCandles, jettaTicks } from './encode.js';
import type { DukascopySimulator } from './simulator.js';

const HOUR = 3_600_000_000;
const MILLI = 1_000;
const BI5_TICKS = /^\/datafeed\/(\w+)\/(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)h_ticks\.bi5$/;
const BI5_CANDLES =
  /^\/datafeed\/(\w+)\/(\d{4})(?:\/(\d\d))?(?:\/(\d\d))?\/(BID|ASK)_candles_(min|hour|day)_1\.bi5$/;
const JETTA_TICKS = /^\/v1\/ticks\/([^/]+)\/(\d+)\/(\d+)\/(\d+)\/(\d+)$/;
const JETTA_CANDLES = /^\/v1\/candles\/(minute|hour|day)\/([^/]+)\/(BID|ASK)\/(\d+)(?:\/(\d+))?(?:\/(\d+))?$/;
const INTERVALS: Readonly<Record<string, CandleInterval>> = {
  ...{ min: '1m', minute: '1m', hour: '1h', day: '1d' },
};

type Market = Pick<DukascopySimulator, 'ticks' | 'candles'>;

/** The file of a path; `undefined` where the venue has none. */
export function fileOf(path: string, market: Market, now: Micros): Buffer | undefined {
  return bi5TicksOf(path, market, now) ?? jettaTicksOf(path, market, now) ?? candlesOf(path, market, now);
}

function bi5TicksOf(path: string, market: Market, now: Micros): Buffer | undefined {
  const [, code = '', ...date] = BI5_TICKS.exec(path) ?? [];
  const instrument = knownInstrument(code);
  const hour = timeOf(date, 0);
  if (instrument === undefined || !isHad(instrument.begins.ticks, hour, HOUR, now)) return undefined;
  return bi5Ticks(market.ticks(code, hour), hour);
}

function jettaTicksOf(path: string, market: Market, now: Micros): Buffer | undefined {
  const [, code = '', ...date] = JETTA_TICKS.exec(path) ?? [];
  const instrument = knownInstrument(code.replace('-', '/'));
  const hour = timeOf(date, 1);
  if (instrument === undefined || !isHad(instrument.begins.ticks, hour, HOUR, now)) return undefined;
  return Buffer.from(jettaTicks(market.ticks(instrument.venueSymbol, hour), hour, instrument.divisor));
}

function candlesOf(path: string, market: Market, now: Micros): Buffer | undefined {
  const bi5 = BI5_CANDLES.exec(path);
  const jetta = JETTA_CANDLES.exec(path);
  const [, code = '', year = '', month, day, side = '', unit = ''] =
    bi5 ?? (jetta === null ? [] : [path, jetta[2], jetta[4], jetta[5], jetta[6], jetta[3], jetta[1]]);
  const instrument = knownInstrument(code.replace('-', '/'));
  const interval = INTERVALS[unit];
  if (instrument === undefined || interval === undefined) return undefined;
  const firstMonth = bi5 === null ? 1 : 0;
  const period = candlePeriodOf(
    interval,
    timeOf([year, month ?? String(firstMonth), day ?? '1'], firstMonth),
  );
  if (!isHad(instrument.begins[interval], period.from, period.to - period.from, now)) return undefined;
  const candles = market.candles(
    instrument.venueSymbol,
    interval,
    side.toLowerCase() as CandleSide,
    period.from,
  );
  return bi5 === null
    ? Buffer.from(jettaCandles(candles, period.from, stepMs(interval), instrument.divisor))
    : bi5Candles(withMadeUp(candles, interval, period), period.from);
}

function knownInstrument(symbol: string): DukascopyInstrument | undefined {
  try {
    return symbol === '' ? undefined : instrumentOf(symbol);
  } catch (error) {
    if (error instanceof RejectedError) return undefined;
    throw error;
  }
}

/** Year, month, day, hour as they stand in a path. */
function timeOf([year, month, day, hour = '0']: readonly (string | undefined)[], firstMonth: number): Micros {
  return Date.UTC(Number(year), Number(month) - firstMonth, Number(day), Number(hour)) * MILLI;
}

function isHad(begins: Micros, from: Micros, length: number, now: Micros): boolean {
  return from + length > begins && from + length <= now;
}
