import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { Depth, type DepthLevel } from './depth.js';
import { Gap } from './gap.js';
import { MarketEvent } from './market-event.js';
import { OHLCV } from './ohlcv.js';
import { Tick } from './tick.js';

const common = {
  venue: 'BINANCE',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  assetClass: 'CRYPTO',
  stream: 'trade',
  timestamp: 1_795_385_101_123_456,
  receivedAt: 1_795_385_101_124_000,
  sequenceId: 3_735_928_559,
} as const;

const tick: Tick = { type: 'tick', ...common, kind: 'trade', price: 61837.63, size: 0.0012, side: 'BUY' };

const depth: Depth = {
  type: 'depth',
  ...common,
  stream: 'depth20',
  isSnapshot: true,
  bids: [{ price: 61837.63, size: 1.5 }],
  asks: [{ price: 61837.64, size: 0 }],
};

const bar: OHLCV = {
  type: 'bar',
  ...common,
  stream: 'kline',
  interval: '1m',
  priceType: 'trade',
  openTime: 1_795_385_100_000_000,
  open: 61837.63,
  high: 61840,
  low: 61830.5,
  close: 61838,
  volume: 12.25,
  isClosed: true,
};

const gap: Gap = {
  type: 'gap',
  ...common,
  fromTime: 1_795_385_100_000_000,
  toTime: 1_795_385_101_123_456,
  cause: 'DISCONNECT',
};

const events: readonly (readonly [MarketEvent['type'], z.ZodType, MarketEvent])[] = [
  ['tick', Tick, tick],
  ['depth', Depth, depth],
  ['bar', OHLCV, bar],
  ['gap', Gap, gap],
];

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

/** The paths of what is wrong with a value, each once. */
function issuePaths(schema: z.ZodType, value: unknown): string[] {
  const issues = schema.safeParse(value).error?.issues ?? [];
  return [...new Set(issues.map((issue) => issue.path.join('.')))];
}

describe.each(events)('the schema of %s', (type, schema, event) => {
  it('gives back a good event with nothing added or lost', () => {
    expect(schema.parse(event)).toEqual(event);
  });

  it('freezes what it parses down to the last level, and leaves its input as it was', () => {
    const input = structuredClone(event);
    expect(isDeeplyFrozen(schema.parse(input))).toBe(true);
    expect(Object.isFrozen(input)).toBe(false);
  });

  it('drops a property that it does not know', () => {
    expect(schema.parse({ ...event, extra: 1 })).toEqual(event);
  });

  it('does without a sequence id, for venues that have none', () => {
    const { sequenceId: _absent, ...rest } = event;
    expect(schema.parse(rest)).toEqual(rest);
  });

  it.each([
    ['venue', ['binance', 'Binance', '', 'BIN ANCE', undefined]],
    ['symbol', ['', undefined]],
    ['venueSymbol', ['', undefined]],
    ['assetClass', ['crypto', 'BOND', undefined]],
    ['stream', ['', undefined]],
    ['timestamp', [1.5, -1, 2 ** 53, '1795385101123456', 1795385101123456n, new Date(0), null, undefined]],
    ['receivedAt', [1.5, -1, NaN, undefined]],
    ['sequenceId', [1.5, -1, '7', null, 2 ** 53]],
    ['type', ['trade', undefined]],
  ])('refuses a wrong %s', (property, wrongs) => {
    for (const wrong of wrongs) {
      expect(issuePaths(schema, { ...event, [property]: wrong })).toEqual([property]);
      expect(issuePaths(MarketEvent, { ...event, [property]: wrong })).toEqual([property]);
    }
  });

  it('is the branch of MarketEvent that its type selects', () => {
    const parsed = MarketEvent.parse(event);
    expect(parsed).toEqual(event);
    expect(parsed.type).toBe(type);
    expect(isDeeplyFrozen(parsed)).toBe(true);
  });
});

const wrongOwnFields: readonly (readonly [MarketEvent, string, readonly unknown[]])[] = [
  [tick, 'side', ['buy', 'B', '', undefined]],
  [tick, 'kind', ['TRADE', undefined]],
  [tick, 'price', ['61837.63', NaN, Infinity, null, undefined]],
  [tick, 'size', [-0.001, '1', undefined]],
  [tick, 'bid', [null, '1']],
  [tick, 'bidSize', [-1]],
  [tick, 'askSize', [-1]],
  [depth, 'isSnapshot', ['true', undefined]],
  [depth, 'bids', [{}, undefined]],
  [depth, 'firstSequenceId', [0.5]],
  [bar, 'interval', ['60', '0m', 'm', '1 m', '1y', '1.5m', undefined]],
  [bar, 'priceType', ['quote', undefined]],
  [bar, 'openTime', [0.5, undefined]],
  [bar, 'volume', [-1, undefined]],
  [bar, 'trades', [-1, 0.5]],
  [gap, 'cause', ['sequence', 'UNKNOWN', undefined]],
  [gap, 'fromTime', [0.5, undefined]],
  [gap, 'healedAt', [0.5, null]],
];

describe('an event', () => {
  it.each(wrongOwnFields.map(([event, ...rest]) => [event.type, ...rest, event] as const))(
    'of type %s is refused for a wrong %s',
    (_type, property, wrongs, event) => {
      for (const wrong of wrongs) {
        expect(issuePaths(MarketEvent, { ...event, [property]: wrong })).toEqual([property]);
      }
    },
  );

  it('is refused for one bad level of its book, and the error names the level', () => {
    const bids = [...depth.bids, { price: 61837.62, size: -1 }];
    expect(issuePaths(MarketEvent, { ...depth, bids })).toEqual(['bids.1.size']);
  });

  it('may have a price below zero, as oil had', () => {
    expect(Tick.parse({ ...tick, price: -37.63 }).price).toBe(-37.63);
  });

  it('is refused when its type is none of the four, and the error names them', () => {
    const error = MarketEvent.safeParse({ ...tick, type: 'quote' }).error;
    expect(error?.message).toContain("'tick' | 'depth' | 'bar' | 'gap'");
  });

  it.each([[null], [undefined], [1], ['tick'], [[]], [{}]])('is not %j', (value) => {
    expect(MarketEvent.safeParse(value).success).toBe(false);
  });

  it('is known by its type to the compiler too', () => {
    const event = MarketEvent.parse(depth);
    if (event.type !== 'depth') throw new Error('not a depth');
    expect(event.bids[0]?.price).toBe(61837.63);
  });

  it('is readonly to the compiler and at run time, with its levels', () => {
    const [parsedTick, parsedDepth] = [Tick.parse(tick), Depth.parse(depth)];
    const [parsedBar, parsedGap] = [OHLCV.parse(bar), Gap.parse(gap)];
    const level = parsedDepth.bids[0];
    if (level === undefined) throw new Error('no level');
    const writes: readonly (() => unknown)[] = [
      // @ts-expect-error a tick is readonly
      () => (parsedTick.price = 1),
      // @ts-expect-error a depth is readonly
      () => (parsedDepth.bids = []),
      () => {
        // @ts-expect-error the levels are a readonly array
        const writable: DepthLevel[] = parsedDepth.bids;
        writable.push(level);
      },
      // @ts-expect-error the levels are a readonly array
      () => (parsedDepth.asks[0] = level),
      // @ts-expect-error a level is readonly
      () => (level.size = 1),
      // @ts-expect-error a bar is readonly
      () => (parsedBar.close = 1),
      // @ts-expect-error a gap is readonly
      () => (parsedGap.healedAt = 1),
    ];
    for (const write of writes) expect(write).toThrow(TypeError);
  });
});
