import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Source } from '@autotrader/connector-core';
import type { Tick } from '@autotrader/schemas';

const FOLDER = fileURLToPath(
  new URL('../../../../../shared/recordings/binance-spot-trades/', import.meta.url),
);

/** Recorded venue traffic is not part of the project: tests that need it are skipped where it is not there. */
export const HAS_RECORDINGS = existsSync(FOLDER);

/** A trade or quote with its numbers as the venue wrote them. */
export interface RecordedTick {
  readonly stream: 'trade' | 'bookTicker';
  /** Of the venue, or our receive time, microseconds. */
  readonly time: number;
  readonly receivedAt: number;
  readonly id: number;
  /** Of a trade. */
  readonly price: string;
  readonly size: string;
  readonly isBuyerMaker: boolean;
  /** Of a quote. */
  readonly bid: string;
  readonly ask: string;
}

interface Frame {
  readonly stream: string;
  readonly data: {
    readonly [name in 'p' | 'q' | 'b' | 'a']?: string;
  } & { readonly [name in 't' | 'T' | 'u']: number } & { readonly m: boolean };
}

/** The trades and quotes of six minutes around midnight: a line is `<local receive time, ns> <json>`. */
export function recordedTicks(name: 'btcusdt' | 'ethusdt'): RecordedTick[] {
  const lines = gunzipSync(readFileSync(`${FOLDER}${name}-2024-08-08.txt.gz`))
    .toString()
    .split('\n');
  return lines.flatMap((line) => {
    const space = line.indexOf(' ');
    if (!line.startsWith('{"stream"', space + 1)) return [];
    const receivedAt = Math.floor(Number(line.slice(0, space)) / 1000);
    const recorded = recordedOf(JSON.parse(line.slice(space + 1)) as Frame, receivedAt);
    return recorded === undefined ? [] : [recorded];
  });
}

function recordedOf({ stream, data }: Frame, receivedAt: number): RecordedTick | undefined {
  const { p = '', q = '', b = '', a = '', t, T, u, m } = data;
  const none = { price: '', size: '', isBuyerMaker: false, bid: '', ask: '', receivedAt };
  if (stream.endsWith('@trade'))
    return { ...none, stream: 'trade', time: T * 1000, id: t, price: p, size: q, isBuyerMaker: m };
  if (!stream.endsWith('@bookTicker')) return undefined;
  return { ...none, stream: 'bookTicker', time: receivedAt, id: u, bid: b, ask: a };
}

/** As a connector gives it that received it so much later, in microseconds. */
export function tickOf(recorded: RecordedTick, symbol: string, later = 0): Tick {
  const { stream, id, price, size, bid, ask, isBuyerMaker } = recorded;
  const venueSymbol = symbol.replace('/', '');
  const source: Source = { venue: 'BINANCE', symbol, venueSymbol, assetClass: 'CRYPTO', stream };
  const receivedAt = recorded.receivedAt + later;
  if (stream === 'trade') {
    const side = isBuyerMaker ? 'SELL' : 'BUY';
    const values = { kind: 'trade', price: Number(price), size: Number(size), side } as const;
    return { type: 'tick', ...source, timestamp: recorded.time, receivedAt, sequenceId: id, ...values };
  }
  const values = { kind: 'quote', price: midOf(recorded), size: 0, side: 'UNKNOWN' } as const;
  const best = { bid: Number(bid), ask: Number(ask), bidSize: 1, askSize: 1 };
  return { type: 'tick', ...source, timestamp: receivedAt, receivedAt, sequenceId: id, ...values, ...best };
}

/** The double nearest to the exact mid. */
export function midOf({ bid, ask }: Pick<RecordedTick, 'bid' | 'ask'>): number {
  return Number(`${(units(bid) + units(ask)) * 5n}e-9`);
}

/** A decimal of eight places in units of the last. */
export function units(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(8, '0'));
}
