import { describe, expect, it } from '@jest/globals';
import { openStorage } from './storage.js';
import { BTC, tickBatch, trade, trades } from './testing/batches.js';
import { scratchFolders } from './testing/scratch-folder.js';

const folder = scratchFolders();

/** Nobody listens there: what is written stays in the spool. */
const AWAY = 'http://127.0.0.1:1';

describe('where a stream stands', () => {
  it('is the last that was written, in this life of the process and in the next, ClickHouse or not', async () => {
    const spool = { dir: await folder() };
    const first = await openStorage({ url: AWAY, spool });
    expect(first.positionOf(BTC)).toBeUndefined();
    await first.write(tickBatch(trades(0, 100)));
    const { timestamp, receivedAt, sequenceId } = trade(99);
    expect(first.positionOf(BTC)).toEqual({ timestamp, receivedAt, sequenceId });
    await first.close({ drain: false });

    const second = await openStorage({ url: AWAY, spool });
    expect(second.positionOf(BTC)).toEqual({ timestamp, receivedAt, sequenceId });
    expect(second.positionOf({ ...BTC, stream: 'aggTrade' })).toBeUndefined();
    expect(second.positionOf({ ...BTC, venueSymbol: 'ETHUSDT' })).toBeUndefined();
    await second.write(tickBatch(trades(100, 101)));
    expect(second.positionOf(BTC)?.sequenceId).toBe(trade(100).sequenceId);
    await second.close({ drain: false });
  });
});
