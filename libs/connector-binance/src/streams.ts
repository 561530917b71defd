import type { StreamRule } from '@autotrader/connector-core';

/** Bar lengths Binance offers. */
export const KLINE_INTERVALS = [
  '1s',
  '1m',
  '3m',
  '5m',
  '15m',
  '30m',
  '1h',
  '2h',
  '4h',
  '6h',
  '8h',
  '12h',
  '1d',
  '3d',
  '1w',
  '1M',
] as const;

/** Length of a kline; `kline` alone is one minute. */
export type KlineInterval = (typeof KLINE_INTERVALS)[number];

/**
 * Streams of a symbol: `trade` every match · `aggTrade` the fills of one taker order at one price · `bookTicker`
 * best bid and ask · `depth20` the top 20 levels every 100 ms · `depth` changed levels every 100 ms · `kline`
 * one-minute bars, `kline_5m` and so on for the other lengths.
 */
export type BinanceStream =
  | 'trade'
  | 'aggTrade'
  | 'bookTicker'
  | 'depth20'
  | 'depth'
  | 'kline'
  | `kline_${Exclude<KlineInterval, '1m'>}`;

const MINUTE_MS = 60_000;

const KLINE_STREAMS = KLINE_INTERVALS.map((interval) =>
  interval === '1m' ? ('kline' as const) : (`kline_${interval}` as const),
);

/** How each stream is numbered, and how long a market may be quiet before that is strange. */
export const STREAM_RULES: Readonly<Record<BinanceStream, StreamRule>> = {
  trade: { sequence: 'contiguous', staleAfterMs: 5 * MINUTE_MS },
  aggTrade: { sequence: 'contiguous', staleAfterMs: 5 * MINUTE_MS },
  bookTicker: { sequence: 'increasing', staleAfterMs: MINUTE_MS },
  depth20: { sequence: 'increasing', staleAfterMs: MINUTE_MS },
  depth: { sequence: 'contiguous', staleAfterMs: MINUTE_MS },
  ...(Object.fromEntries(
    KLINE_STREAMS.map((stream) => [stream, { sequence: 'none', staleAfterMs: MINUTE_MS }]),
  ) as Record<(typeof KLINE_STREAMS)[number], StreamRule>),
};

/** Every stream there is. */
export const BINANCE_STREAMS = Object.keys(STREAM_RULES) as readonly BinanceStream[];

/** Interval of a kline stream; `undefined` for any other stream. */
export function klineInterval(stream: string): string | undefined {
  if (stream === 'kline') return '1m';
  return stream.startsWith('kline_') ? stream.slice('kline_'.length) : undefined;
}

/** The venue's name of a stream: `btcusdt@depth20@100ms`. Symbols are lower-case in it, whatever their letters. */
export function wireName(venueSymbol: string, stream: string): string {
  const symbol = venueSymbol.toLowerCase();
  if (stream === 'depth' || stream === 'depth20') return `${symbol}@${stream}@100ms`;
  return stream === 'kline' ? `${symbol}@kline_1m` : `${symbol}@${stream}`;
}

/** The stream that a venue's name without its symbol stands for: `depth20@100ms` is `depth20`; `undefined` if none. */
export function streamOfWire(suffix: string): BinanceStream | undefined {
  return BINANCE_STREAMS.find((stream) => wireName('', stream) === `@${suffix}`);
}
