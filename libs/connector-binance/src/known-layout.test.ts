import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FRAME_STREAMS, FRAMES, TRADE_OF_US } from './fixtures/frames.js';
import { JSON_ONLY } from './fixtures/json-only.js';
import { OutletLog } from './fixtures/outlet-log.js';
import { framesOf2021, framesOf2024, HAS_RECORDINGS } from './fixtures/recordings.js';
import { subscriptionTo } from './fixtures/subscription.js';
import { KnownLayout } from './known-layout.js';
import { BinanceSession } from './session.js';
import { BINANCE_STREAMS } from './streams.js';

const RECEIVED_AT = 1_795_361_400_200_000;
const RUNS = { numRuns: 20_000, seed: 20_240_808 };
const describeRecorded = HAS_RECORDINGS ? describe : describe.skip;
const FAST_STREAMS = ['trade', 'aggTrade', 'bookTicker', 'depth20', 'depth'] as const;

/** The two lanes side by side, subscribed to the same. */
class Lanes {
  readonly #fast = new KnownLayout();
  readonly #fastLog = new OutletLog();
  readonly #slowLog = new OutletLog();
  readonly #slow = new BinanceSession(this.#slowLog, JSON_ONLY);

  constructor(venueSymbols: readonly string[] = ['BTCUSDT']) {
    const subscriptions = venueSymbols.flatMap((venueSymbol) =>
      BINANCE_STREAMS.map((stream) => subscriptionTo(stream, venueSymbol, `canonical ${venueSymbol}`)),
    );
    for (const subscription of subscriptions) this.#fast.add(subscription);
    this.#slow.subscribe(subscriptions);
  }

  /** What the fast lane alone makes of a frame: one event, or nothing. */
  fast(frame: string | Buffer) {
    this.#fastLog.clear();
    const isKnown = this.#fast.receive(Buffer.from(frame), RECEIVED_AT, this.#fastLog);
    if (this.#fastLog.events.length !== (isKnown ? 1 : 0)) throw new Error(`half read: ${String(frame)}`);
    return isKnown ? { event: this.#fastLog.events[0], by: this.#fastLog.by[0] } : undefined;
  }

  /** What the JSON path alone makes of it. */
  slow(frame: string | Buffer) {
    this.#slowLog.clear();
    this.#slow.receive(Buffer.from(frame), RECEIVED_AT);
    const { events, by, quarantined, lostPrecision } = this.#slowLog;
    return {
      event: events[0],
      by: by[0],
      events: events.length,
      reason: quarantined[0]?.reason,
      lostPrecision,
    };
  }

  /** When the fast lane reads it, the JSON path makes the same event of it and finds nothing wrong. */
  expectAgreement(frame: string | Buffer): void {
    const fast = this.fast(frame);
    if (fast === undefined) return;
    const slow = this.slow(frame);
    const expected = { ...fast, events: 1, reason: undefined, lostPrecision: [] };
    // As text first, which sees the order of the fields too; an expectation costs as much as a thousand frames.
    if (slow.by !== fast.by || JSON.stringify(slow) !== JSON.stringify(expected)) {
      expect(slow).toEqual(expected);
      expect(JSON.stringify(slow)).toBe(JSON.stringify(expected));
    }
  }
}

/** Texts of decimals, most of them with at most 15 digits, padded as the venue pads. */
const units = fc.oneof(
  { weight: 50, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 10n ** 15n, max: 10n ** 17n }) },
);
const decimal = fc.tuple(units, fc.nat(15), fc.nat(9)).map(([value, places, padding]) => {
  const all = String(value).padStart(places + 1, '0');
  const fraction = places === 0 ? '' : all.slice(-places);
  const padded = fraction + '0'.repeat(padding);
  return all.slice(0, all.length - places) + (padded === '' ? '' : `.${padded}`);
});
const id = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));
/** The first and the last of what is a time, and their neighbours. */
const edgesOfTime = [
  999_999_999_999,
  1e12,
  9_007_199_254_740,
  9_007_199_254_741,
  9_999_999_999_999,
  1e13,
  1e15 - 1,
  1e15,
];
const time = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 1e12, max: 9_007_199_254_740 }) },
  { weight: 10, arbitrary: fc.integer({ min: 1e15, max: Number.MAX_SAFE_INTEGER }) },
  { weight: 1, arbitrary: fc.constantFrom(0, Number.MAX_SAFE_INTEGER, ...edgesOfTime) },
);
const levels = fc.array(fc.tuple(decimal, decimal), { maxLength: 4 });
const bool = fc.boolean();

/** Payloads of the right shape with any values, of each stream that the fast lane reads. */
const payloads = {
  trade: fc
    .tuple(time, id, decimal, decimal, time, bool)
    .map(([E, t, p, q, T, m]) => ({ e: 'trade', E, s: 'BTCUSDT', t, p, q, T, m, M: true })),
  aggTrade: fc
    .tuple(time, id, decimal, decimal, id, id, time, bool)
    .map(([E, a, p, q, f, l, T, m]) => ({ e: 'aggTrade', E, s: 'BTCUSDT', a, p, q, f, l, T, m, M: true })),
  bookTicker: fc
    .tuple(id, decimal, decimal, decimal, decimal)
    .map(([u, b, B, a, A]) => ({ u, s: 'BTCUSDT', b, B, a, A })),
  depth20: fc.tuple(id, levels, levels).map(([lastUpdateId, bids, asks]) => ({ lastUpdateId, bids, asks })),
  depth: fc
    .tuple(time, id, id, levels, levels)
    .map(([E, U, u, b, a]) => ({ e: 'depthUpdate', E, s: 'BTCUSDT', U, u, b, a })),
} as const;

const wireNames = { depth20: 'depth20@100ms', depth: 'depth@100ms' } as Record<string, string>;

const frame: fc.Arbitrary<string> = fc.oneof(
  ...FAST_STREAMS.map((stream) =>
    payloads[stream].map((data) =>
      JSON.stringify({ stream: `btcusdt@${wireNames[stream] ?? stream}`, data }),
    ),
  ),
);

/** A frame with some of its bytes changed, put in or left out. */
const mutatedFrame = fc
  .tuple(frame, fc.array(fc.tuple(fc.nat(10_000), fc.nat(255), fc.nat(3)), { minLength: 1, maxLength: 3 }))
  .map(([text, changes]) => {
    const bytes = [...Buffer.from(text)];
    for (const [place, byte, kind] of changes) {
      const at = place % bytes.length;
      const written = kind === 0 ? byte : 0x30 + (byte % 10);
      bytes.splice(at, kind === 3 ? 0 : 1, ...(kind === 2 ? [] : [written]));
    }
    return Buffer.from(bytes);
  });

describe('the fast lane', () => {
  it.each(FAST_STREAMS)(
    'reads a documented frame of %s, to the event that the schemas make of it',
    (stream) => {
      const lanes = new Lanes();
      expect(lanes.fast(FRAMES[stream])).toBeDefined();
      lanes.expectAgreement(FRAMES[stream]);
    },
  );

  it.each(FAST_STREAMS)(
    'takes no part of a frame of %s for the whole, and nothing behind its end',
    (stream) => {
      const lanes = new Lanes();
      const frame = FRAMES[stream];
      for (let length = 0; length < frame.length; length++)
        expect(lanes.fast(frame.slice(0, length))).toBeUndefined();
      for (const rest of ['}', ' ', '\n', '\0', frame]) expect(lanes.fast(frame + rest)).toBeUndefined();
    },
  );

  it('leaves bars, and trades with order ids, to the JSON path', () => {
    const lanes = new Lanes();
    for (const left of [FRAMES.kline, FRAMES.kline_5m, TRADE_OF_US]) {
      expect(lanes.fast(left)).toBeUndefined();
      expect(lanes.slow(left)).toMatchObject({ events: 1, reason: undefined });
    }
  });

  it('makes the event the schemas make, of any values', () => {
    const lanes = new Lanes();
    let known = 0;
    fc.assert(
      fc.property(frame, (text) => {
        lanes.expectAgreement(text);
        if (lanes.fast(text) !== undefined) known++;
      }),
      RUNS,
    );
    expect(known).toBeGreaterThan(RUNS.numRuns / 2);
  });

  it('accepts no changed frame that the schemas would not turn into the same event', () => {
    const lanes = new Lanes();
    let known = 0;
    fc.assert(
      fc.property(mutatedFrame, (bytes) => {
        lanes.expectAgreement(bytes);
        if (lanes.fast(bytes) !== undefined) known++;
      }),
      RUNS,
    );
    expect(known).toBeGreaterThan(RUNS.numRuns / 20);
  });

  it.each([
    ['white space', (text: string) => text.replace('"data":', '"data": ')],
    [
      'another order of the fields',
      (text: string) => text.replace(/,"s":"BTCUSDT"(.*)\}\}/, '$1,"s":"BTCUSDT"}}'),
    ],
    ['an escape', (text: string) => text.replace('BTCUSDT', '\\u0042TCUSDT')],
    ['more than 15 digits', (text: string) => text.replace('84215.37', '84215.3712345678901')],
  ])('leaves %s to the JSON path, which reads it', (_, change) => {
    const lanes = new Lanes();
    const changed = change(FRAMES.trade);
    expect(changed).not.toBe(FRAMES.trade);
    expect(lanes.fast(changed)).toBeUndefined();
    expect(lanes.slow(changed)).toMatchObject({ events: 1, reason: undefined });
  });

  it('reads symbols with other letters than English ones', () => {
    const lanes = new Lanes(['币安人生USDT', '1000SATSUSDT']);
    for (const symbol of ['币安人生USDT', '1000SATSUSDT']) {
      const text = FRAMES.trade.replace('btcusdt', symbol.toLowerCase()).replace('BTCUSDT', symbol);
      expect(lanes.fast(text)?.event).toMatchObject({ venueSymbol: symbol, price: 84_215.37 });
      lanes.expectAgreement(text);
    }
  });

  it('tells two streams apart whose names have one hash', () => {
    const lanes = new Lanes(['ANUSDT', 'C0USDT']);
    const read = ['an', 'c0'].map((letters) =>
      FRAMES.trade.replace('btcusdt', `${letters}usdt`).replace('BTCUSDT', `${letters.toUpperCase()}USDT`),
    );
    for (const text of read) lanes.expectAgreement(text);
    expect(read.map((text) => lanes.slow(text).event?.venueSymbol)).toEqual(['ANUSDT', 'C0USDT']);
    expect(read.map((text) => lanes.fast(text)?.event?.venueSymbol)).toEqual([undefined, 'C0USDT']);
  });

  it('reads no frame of a stream that was left off', () => {
    const known = new KnownLayout();
    const log = new OutletLog();
    for (const stream of FAST_STREAMS) known.add(subscriptionTo(stream));
    for (const stream of FAST_STREAMS) known.remove(subscriptionTo(stream));
    for (const stream of FRAME_STREAMS)
      expect(known.receive(Buffer.from(FRAMES[stream]), RECEIVED_AT, log)).toBe(false);
  });
});

describeRecorded('the fast lane on recorded frames (../shared/recordings)', () => {
  it.each(['btcusdt', 'ethusdt'] as const)(
    'reads every frame of %s, to the event the schemas make of it',
    (name) => {
      const lanes = new Lanes([name.toUpperCase()]);
      const frames = framesOf2024(name);
      for (const text of frames) {
        if (lanes.fast(text) === undefined) throw new Error(`not known: ${text}`);
        lanes.expectAgreement(text);
      }
      expect(frames.length).toBeGreaterThan(30_000);
    },
  );

  it('makes the same events as the schemas of the frames of 2021, bars aside', () => {
    const lanes = new Lanes(['NKNUSDT', 'BLZETH', 'LRCBTC', 'RUNEEUR']);
    const known: Record<string, number> = {};
    const read: Record<string, number> = {};
    for (const text of framesOf2021()) {
      lanes.expectAgreement(text);
      const slow = lanes.slow(text);
      const stream = slow.event?.stream ?? `quarantined: ${slow.reason ?? ''}`;
      read[stream] = (read[stream] ?? 0) + 1;
      if (lanes.fast(text) !== undefined) known[stream] = (known[stream] ?? 0) + 1;
    }
    expect(read).toEqual({ depth: 177, bookTicker: 84, aggTrade: 2, kline: 2 });
    expect(known).toEqual({ depth: 177, bookTicker: 84, aggTrade: 2 });
  });
});
