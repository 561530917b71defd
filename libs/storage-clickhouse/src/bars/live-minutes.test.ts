import { startClickHouse } from '@autotrader/embedded-clickhouse';
import type { Tick } from '@autotrader/schemas';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MIDNIGHT, tickBatch, trade } from '../testing/batches.js';
import { scratchServer } from '../testing/scratch-server.js';
import { openTickWriter, type TickWriter } from '../testing/tick-writer.js';

const server = scratchServer(startClickHouse);
let writer: TickWriter;
beforeAll(async () => {
  writer = await openTickWriter(server.url, 'live_minutes');
});
afterAll(() => writer.close());

const MINUTE = 60_000_000;
const thisMinute = Math.floor((Date.now() * 1000) / MINUTE) * MINUTE - MIDNIGHT;

/** A tick of this minute: live ticks of old days are gone with the next merge. */
const now = (n: number, more: Partial<Tick>): Tick => trade(thisMinute + n, more);

const minutes = (symbol: string) =>
  writer.query(`
    SELECT price_type, open_time = toStartOfMinute(open_time) AS whole, open, high, low, close, volume, trades
    FROM bars_1m WHERE symbol = '${symbol}' ORDER BY open_time, price_type`);

describe('the running minute', () => {
  it('is there with the ticks, before anything is computed, and a retry does not count again', async () => {
    const batch = tickBatch([
      now(5, { sequenceId: 2, price: 7, size: 0.1 }),
      now(5, { sequenceId: 3, price: 8, size: 0.2 }),
      now(5, { sequenceId: 1, price: 9, size: 0.3 }),
    ]);
    for (let times = 0; times < 3; times++) await writer.insert(batch, 'live');
    await writer.insert(tickBatch([now(4, { sequenceId: 9, price: 6, size: 1 })]), 'live');
    const bar = { price_type: 'trade', whole: 1, open: 6, high: 9, low: 6, close: 8 };
    expect(await minutes('BTC/USDT')).toEqual([{ ...bar, volume: 1.6, trades: 4 }]);
  });

  it('is of live ticks only: neither of history nor of what marks a copy', async () => {
    const symbol = 'ETH/USDT';
    const quote = (n: number, id: number): Tick =>
      now(n, {
        symbol,
        receivedAt: MIDNIGHT + thisMinute + n,
        kind: 'quote',
        sequenceId: id,
        size: 0,
        price: 5,
      });
    await writer.insert(tickBatch([now(1, { symbol })]), 'backfill');
    await writer.write(tickBatch([quote(1, 7)]), 'live');
    await writer.write(tickBatch([quote(-1, 7)]), 'live');
    expect(await writer.query(`SELECT count() AS rows FROM tick_raw WHERE is_superseded = 1`)).toEqual([
      { rows: 1 },
    ]);
    const bar = { price_type: 'mid', whole: 1, open: 5, high: 5, low: 5, close: 5, volume: 0, trades: 1 };
    expect(await minutes(symbol)).toEqual([bar, bar]); // a copy counts again here, in bars it does not
    expect(await writer.bars(symbol)).toHaveLength(1);
  });
});
