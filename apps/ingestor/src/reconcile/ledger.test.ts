import { describe, expect, it } from '@jest/globals';
import { agrees, reconcile } from './ledger.js';

/** A storage that has these rows, and keeps what it was asked. */
function storage(rows: { venue_symbol: string; stream: string; rows: number }[]) {
  const asked: string[] = [];
  const query = async <Row>(sql: string): Promise<Row[]> => {
    asked.push(sql);
    return rows as Row[];
  };
  return { query, asked };
}

const SENT = [
  { venueSymbol: 'BTCUSDT', stream: 'trade', events: 3, frames: 4 },
  { venueSymbol: 'BTCUSDT', stream: 'depth20', events: 2, frames: 2 },
];

describe('the ledger', () => {
  it('holds events sent against rows stored, by symbol and stream', async () => {
    const { query } = storage([
      { venue_symbol: 'BTCUSDT', stream: 'trade', rows: 3 },
      { venue_symbol: 'BTCUSDT', stream: 'depth20', rows: 1 },
      { venue_symbol: 'ETHUSDT', stream: 'trade', rows: 9 },
    ]);
    expect(await reconcile('BINANCE', SENT, { query })).toEqual([
      { venue: 'BINANCE', venueSymbol: 'BTCUSDT', stream: 'trade', sent: 3, stored: 3 },
      { venue: 'BINANCE', venueSymbol: 'BTCUSDT', stream: 'depth20', sent: 2, stored: 1 },
    ]);
  });

  it('counts nothing as stored of a stream that has no rows', async () => {
    const rows = await reconcile('BINANCE', SENT, storage([]));
    expect(rows.map(({ stored }) => stored)).toEqual([0, 0]);
  });

  it('looks at the receive times of the recording only', async () => {
    const database = storage([]);
    await reconcile('BINANCE', SENT, database, { from: 1_000_000, to: 2_000_000 });
    expect(database.asked[0]).toContain(
      "received_at BETWEEN fromUnixTimestamp64Micro(1000000, 'UTC') AND fromUnixTimestamp64Micro(2000000, 'UTC')",
    );
  });
});

describe('what was sent and what is stored', () => {
  const row = { venue: 'BINANCE', venueSymbol: 'BTCUSDT', stream: 'trade' };

  it('agree when they are the same on every stream', () => {
    expect(
      agrees([
        { ...row, sent: 3, stored: 3 },
        { ...row, sent: 0, stored: 0 },
      ]),
    ).toBe(true);
  });

  it.each([
    ['a row is missing', 3, 2],
    ['a row is there twice', 3, 4],
  ])('do not agree when %s', (_, sent, stored) => {
    expect(
      agrees([
        { ...row, sent: 3, stored: 3 },
        { ...row, sent, stored },
      ]),
    ).toBe(false);
  });

  it('do not agree when nothing was sent: that proves nothing', () => {
    expect(agrees([])).toBe(false);
  });
});
