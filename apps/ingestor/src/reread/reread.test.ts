import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBinanceSimulator } from '@autotrader/connector-binance/testing';
import type { Gap } from '@autotrader/schemas';
import { query, Scratch } from '@autotrader/runtime/testing';
import { openStorage } from '@autotrader/storage-clickhouse';

const TIMEOUT_MS = 90_000;
const scratch = new Scratch();
afterAll(() => scratch.clean(), TIMEOUT_MS);

/** Within the time that live rows are kept. */
const AT = Math.floor(Date.now() / 1000) * 1_000_000 - 60_000_000;
let url: string;
let file: string;

/** A trade as Binance sends it. */
function frame(id: number, price: string): Uint8Array {
  const times = `"E":${AT + id},"T":${AT + id}`;
  const data = `{"e":"trade",${times},"s":"BTCUSDT","t":${id},"p":"${price}","q":"2","m":true,"M":true}`;
  return new TextEncoder().encode(`{"stream":"btcusdt@trade","data":${data}}`);
}

function gap(fromSequence: number, toSequence: number): Gap {
  return {
    ...{ type: 'gap', venue: 'BINANCE', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', assetClass: 'CRYPTO' },
    ...{ stream: 'trade', timestamp: AT + toSequence, receivedAt: AT + 50, cause: 'SEQUENCE' },
    ...{ fromSequence, toSequence, fromTime: AT + fromSequence, toTime: AT + toSequence },
  };
}

beforeAll(async () => {
  const venue = await startBinanceSimulator({ symbols: ['BTCUSDT'] });
  scratch.defer(() => venue.stop());
  ({ url } = await scratch.clickhouse());
  const { wsUrl, restUrl } = venue;
  file = await scratch.config({
    venues: { binance: { symbols: ['BTCUSDT'], streams: ['trade'], wsUrl, restUrl } },
    clickhouse: { url },
  });
  const storage = await openStorage({ url, bars: false });
  const kept = [
    frame(3, '1.5'),
    frame(4, '2.25'),
    frame(9, '3'),
    new TextEncoder().encode('{"new":"thing"}'),
  ];
  const rows = kept.map((bytes, place) => ({
    ...{ venue: 'BINANCE', receivedAt: AT + 10 + place, reason: 'an unknown field', frame: bytes },
  }));
  await storage.write({ type: 'quarantine', length: rows.length, rows });
  const gaps = [gap(3, 4), gap(8, 9)];
  await storage.write({ type: 'gap', length: gaps.length, rows: gaps });
  await storage.close();
}, TIMEOUT_MS);

const program = (...args: string[]) =>
  scratch.program('apps/ingestor/src/reread/main.ts', ['--config', file, ...args]).ended;
const ticks = (): Promise<unknown[]> =>
  query(
    url,
    'SELECT sequence_id AS id, price, toUnixTimestamp64Micro(received_at) AS at FROM market_data.tick ORDER BY id',
  );

describe('what is in quarantine', () => {
  it(
    'is read again, stored once however often, and heals the gaps it fills',
    async () => {
      const trial = await program('--dry-run');
      expect(await ticks()).toEqual([]);
      expect([trial.code, trial.out]).toEqual([1, expect.stringMatching(/│ BINANCE │ +4 │ +3 │ +3 │ +0 │/)]);
      expect(trial.out).toContain('BINANCE: 1 still cannot be read: ');
      for (const healed of [1, 0]) {
        const { code, out } = await program();
        expect(code).toBe(1);
        expect(out).toMatch(new RegExp(`│ BINANCE │ +4 │ +3 │ +3 │ +${healed} │`));
        expect(await ticks()).toEqual([
          { id: 3, price: 1.5, at: AT + 10 },
          { id: 4, price: 2.25, at: AT + 11 },
          { id: 9, price: 3, at: AT + 12 },
        ]);
      }
      const open = 'SELECT from_sequence AS id, healed_at IS NULL AS open FROM market_data.gap ORDER BY id';
      expect(await query(url, open)).toEqual([
        { id: 3, open: 0 },
        { id: 8, open: 1 },
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    'is read from a moment on only, and exits with 0 when all of that can be read',
    async () => {
      const second = new Date(AT / 1000).toISOString().slice(0, 19);
      const { code, out } = await program(
        ...['--from', `${second}.000011Z`, '--to', `${second}.000013Z`, '--dry-run'],
      );
      expect(out).toMatch(/│ BINANCE │ +2 │ +2 │ +2 │ +0 │/);
      expect(code).toBe(0);
      const wrong = await program('--from', 'yesterday');
      expect(wrong.err).toContain('a day like 2026-11-27 or a moment like');
    },
    TIMEOUT_MS,
  );
});
