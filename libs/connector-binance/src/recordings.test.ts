import { describe, expect, it } from '@jest/globals';
import { type Depth, formatDecimal, formatMicros, isExactDecimal, type Tick } from '@autotrader/schemas';
import { OutletLog } from './fixtures/outlet-log.js';
import { framesOf2024, HAS_RECORDINGS } from './fixtures/recordings.js';
import { subscriptionTo } from './fixtures/subscription.js';
import { BinanceSession } from './session.js';

const describeRecorded = HAS_RECORDINGS ? describe : describe.skip;
/** Sizes have at most 8 decimals: summed in whole units, the total is exact. */
const UNITS = 1e8;
const RECEIVED_AT = 1_723_161_254_000_000;

type Name = 'btcusdt' | 'ethusdt';

function replay(name: Name): { log: OutletLog; trades: Tick[]; quotes: Tick[]; diffs: Depth[] } {
  const log = new OutletLog();
  const session = new BinanceSession(log);
  const symbol = name === 'btcusdt' ? 'BTC/USDT' : 'ETH/USDT';
  const streams = ['trade', 'bookTicker', 'depth'] as const;
  session.subscribe(streams.map((stream) => subscriptionTo(stream, name.toUpperCase(), symbol)));
  for (const frame of framesOf2024(name)) session.receive(Buffer.from(frame), RECEIVED_AT);
  const ticks = log.events.filter((event) => event.type === 'tick');
  return {
    log,
    trades: ticks.filter(({ kind }) => kind === 'trade'),
    quotes: ticks.filter(({ kind }) => kind === 'quote'),
    diffs: log.events.filter((event) => event.type === 'depth'),
  };
}

const units = (size: number): number => Math.round(size * UNITS);
const total = (ticks: readonly Tick[]): number =>
  ticks.reduce((sum, { size }) => sum + units(size), 0) / UNITS;

/** One line a minute: `23:54 open high low close volume trades`. */
function minuteBars(trades: readonly Tick[]): string[] {
  const minutes = new Map<string, Tick[]>();
  for (const trade of trades) {
    const minute = formatMicros(trade.timestamp).slice(11, 16);
    minutes.set(minute, [...(minutes.get(minute) ?? []), trade]);
  }
  return [...minutes].map(([minute, ticks]) => {
    const prices = ticks.map(({ price }) => price);
    const bar = [
      prices[0],
      Math.max(...prices),
      Math.min(...prices),
      prices.at(-1),
      total(ticks),
      ticks.length,
    ];
    return [minute, ...bar].join(' ');
  });
}

/** The decimals of every frame as they stand there, and as the events print them: what differs. */
function changedDecimals(name: Name, events: OutletLog['events']): string[] {
  const changed: string[] = [];
  framesOf2024(name).forEach((frame, index) => {
    const written = (frame.match(/(?<=")[0-9]+\.[0-9]+(?=")/g) ?? []).map((text) =>
      text.replace(/\.?0+$/, ''),
    );
    const printed = decimalsOf(events[index]).map(formatDecimal);
    if (written.join() !== printed.join()) changed.push(`${written.join()} printed ${printed.join()}`);
  });
  return changed;
}

function decimalsOf(event: OutletLog['events'][number] | undefined): number[] {
  if (event?.type === 'depth')
    return [...event.bids, ...event.asks].flatMap(({ price, size }) => [price, size]);
  if (event?.type !== 'tick') return [];
  const { kind, price, size, bid = NaN, bidSize = NaN, ask = NaN, askSize = NaN } = event;
  return kind === 'trade' ? [price, size] : [bid, bidSize, ask, askSize];
}

describeRecorded('recorded frames of 2024-08-08 (../shared/recordings)', () => {
  it.each([
    {
      name: 'btcusdt',
      first: 3735683259,
      last: 3735693015,
      quantity: 212.03315,
      quotes: 28_040,
      diffs: 3_451,
    },
    {
      name: 'ethusdt',
      first: 1520538925,
      last: 1520545030,
      quantity: 2261.3149,
      quotes: 24_077,
      diffs: 3_434,
    },
  ] as const)(
    'of $name give the events they hold, each once',
    ({ name, first, last, quantity, ...counts }) => {
      const { log, trades, quotes, diffs } = replay(name);
      expect(trades.map(({ sequenceId }) => sequenceId)).toEqual(
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      expect(total(trades)).toBe(quantity);
      expect({ quotes: quotes.length, diffs: diffs.length }).toEqual(counts);
      expect({ quarantined: log.quarantined, lost: log.lostPrecision }).toEqual({
        quarantined: [],
        lost: [],
      });
    },
  );

  it.each(['btcusdt', 'ethusdt'] as const)('of %s have update ids without a gap', (name) => {
    const { diffs } = replay(name);
    const jumps = diffs.filter(
      ({ firstSequenceId }, index) =>
        index > 0 && firstSequenceId !== (diffs[index - 1]?.sequenceId ?? NaN) + 1,
    );
    expect(jumps).toEqual([]);
  });

  it.each(['btcusdt', 'ethusdt'] as const)(
    'of %s print every price and size as the venue wrote it',
    (name) => {
      expect(changedDecimals(name, replay(name).log.events)).toEqual([]);
    },
  );

  it('of bookTicker have mids that print exactly', () => {
    const inexact = replay('btcusdt').quotes.filter(({ price }) => !isExactDecimal(formatDecimal(price)));
    expect(inexact).toEqual([]);
  });

  it('of BTC/USDT give the minute bars that are known of them', () => {
    expect(minuteBars(replay('btcusdt').trades)).toEqual([
      '23:54 61837.63 61855.37 61824 61828 12.43238 875',
      '23:55 61828 61860.8 61780 61782.25 15.07702 1255',
      '23:56 61782.25 61782.26 61723.99 61727.66 15.49778 1011',
      '23:57 61727.66 61735.99 61651.01 61652.01 59.29235 2069',
      '23:58 61652 61745.27 61583.22 61717.63 77.14202 3216',
      '23:59 61717.64 61743.5 61666.17 61685.99 32.41946 1312',
      '00:00 61686 61686 61685.99 61685.99 0.17214 19',
    ]);
  });

  it('tell who was the aggressor', () => {
    const isSell = framesOf2024('btcusdt')
      .filter((frame) => frame.includes('"e":"trade"'))
      .map((frame) => frame.includes('"m":true'));
    expect(replay('btcusdt').trades.map(({ side }) => side === 'SELL')).toEqual(isSell);
  });
});
