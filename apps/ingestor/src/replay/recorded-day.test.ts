import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RecordedFrame, readRecording } from '@autotrader/connector-binance/testing';
import type { EmbeddedClickHouse } from '@autotrader/embedded-clickhouse';
import { query, Scratch } from '@autotrader/runtime/testing';
import { HAS_RECORDINGS, recordingOf2024 } from '../testing/recordings.js';
import type { ReplayReport } from './report.js';

const TIMEOUT_MS = 60_000;
/** What `../shared/recordings/README.md` says of them. */
const DAYS = [
  {
    name: 'btcusdt',
    counts: { bookTicker: 28_040, depth: 3_451, trade: 9_757 },
    ids: { first: 3_735_683_259, last: 3_735_693_015 },
    quantity: '212.03315',
  },
  {
    name: 'ethusdt',
    counts: { bookTicker: 24_077, depth: 3_434, trade: 6_106 },
    ids: { first: 1_520_538_925, last: 1_520_545_030 },
    quantity: '2261.3149',
  },
] as const;

const BTC_BARS = `
23:54 61837.63 61855.37 61824 61828 12.43238 875
23:55 61828 61860.8 61780 61782.25 15.07702 1255
23:56 61782.25 61782.26 61723.99 61727.66 15.49778 1011
23:57 61727.66 61735.99 61651.01 61652.01 59.29235 2069
23:58 61652 61745.27 61583.22 61717.63 77.14202 3216
23:59 61717.64 61743.5 61666.17 61685.99 32.41946 1312
00:00 61686 61686 61685.99 61685.99 0.17214 19`;

const scratch = new Scratch();
let clickhouse: EmbeddedClickHouse;

async function replay(name: 'btcusdt' | 'ethusdt', ...target: string[]): Promise<ReplayReport> {
  const program = scratch.program('apps/ingestor/src/replay/main.ts', [
    '--recording',
    recordingOf2024(name),
    ...target,
  ]);
  const { code, out, err } = await program.ended;
  if (code !== 0) throw new Error(`exit code ${code}: ${err}${out}`);
  return JSON.parse(out) as ReplayReport;
}

/** What is in the tables, every column of every row: two equal ones hold the same rows. */
async function contents(): Promise<unknown> {
  const bars = `(SELECT * EXCEPT (timestamp, received_at) FROM market_data.bars)`; // when they were computed
  const tables = ['tick', 'depth', 'bars', 'gap', 'quarantine'].map(
    (table) =>
      `SELECT '${table}' AS name, count() AS rows, toString(sum(cityHash64(toString(tuple(*))))) AS hash FROM ${table === 'bars' ? bars : `market_data.${table}`}`,
  );
  return query(clickhouse.url, `SELECT * FROM (${tables.join(' UNION ALL ')}) ORDER BY name`);
}

(HAS_RECORDINGS ? describe : describe.skip)('the recordings of 2024-08-08 (../shared/recordings)', () => {
  const reports: ReplayReport[] = [];

  beforeAll(async () => {
    const dataDir = await scratch.folder();
    for (const { name } of DAYS) reports.push(await replay(name, '--data', dataDir));
    clickhouse = await scratch.clickhouse(dataDir);
  }, TIMEOUT_MS);
  afterAll(() => scratch.clean(), TIMEOUT_MS);

  it.each(DAYS)('$name: every event is sent and stored, and the report says so', ({ name, counts }) => {
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const rows = Object.entries(counts).map(([stream, count]) => ({
      venue: 'BINANCE',
      venueSymbol: name.toUpperCase(),
      stream,
      sent: count,
      stored: count,
    }));
    expect(reports.find(({ recording }) => recording === recordingOf2024(name))).toMatchObject({
      streams: rows,
      sent: total,
      stored: total,
      gaps: 0,
      quarantined: 0,
      agree: true,
      isComplete: true,
    });
  });

  it.each(DAYS)(
    '$name: its rows are counted by ClickHouse as in the description of the recording',
    async ({ name, counts }) => {
      const rows = await query<{ stream: string; rows: number }>(
        clickhouse.url,
        ['tick', 'depth']
          .map(
            (table) =>
              `SELECT stream, count() AS rows FROM market_data.${table} WHERE venue_symbol = '${name.toUpperCase()}' GROUP BY stream`,
          )
          .join(' UNION ALL '),
      );
      expect(Object.fromEntries(rows.map(({ stream, rows: count }) => [stream, count]))).toEqual(counts);
    },
  );

  it.each(DAYS)(
    '$name: trade ids are all there once, and their sizes add up',
    async ({ name, counts, ids, quantity }) => {
      const [row] = await query<Record<string, unknown>>(
        clickhouse.url,
        `SELECT count() AS rows, uniqExact(sequence_id) AS ids, min(sequence_id) AS first, max(sequence_id) AS last,
         toString(sum(toDecimal64(toString(size), 8))) AS quantity
       FROM market_data.tick WHERE venue_symbol = '${name.toUpperCase()}' AND stream = 'trade'`,
      );
      expect(row).toEqual({ rows: counts.trade, ids: counts.trade, ...ids, quantity });
      expect(ids.last - ids.first + 1).toBe(counts.trade);
    },
  );

  it('minute bars made by SQL from the trades are those of the description', async () => {
    const rows = await query<{ line: string }>(
      clickhouse.url,
      `SELECT concatWithSeparator(' ', formatDateTime(minute, '%H:%i'), open, high, low, close, volume, trades) AS line
       FROM (
         SELECT toStartOfMinute(timestamp) AS minute, toString(argMin(price, sequence_id)) AS open,
           toString(max(price)) AS high, toString(min(price)) AS low, toString(argMax(price, sequence_id)) AS close,
           toString(sum(toDecimal64(toString(size), 8))) AS volume, toString(count()) AS trades
         FROM market_data.tick WHERE symbol = 'BTC/USDT' AND kind = 'trade' GROUP BY minute)
       ORDER BY minute`,
    );
    expect(rows.map(({ line }) => line).join('\n')).toBe(BTC_BARS.trim());
  });

  it.each(DAYS)(
    '$name: every price and size is printed as the wire had it, with the receive time of its frame',
    async ({ name, counts }) => {
      const stored = await printedEvents(clickhouse.url, name.toUpperCase());
      let frames = 0;
      const wrong: unknown[] = [];
      for await (const frame of readRecording(recordingOf2024(name))) {
        if (frame.stream === undefined) continue;
        frames++;
        const [key, wire] = wireEvent(frame);
        const row = stored.get(key);
        if (row !== wire) wrong.push({ key, wire, row });
      }
      expect(wrong.slice(0, 5)).toEqual([]);
      expect(frames).toBe(Object.values(counts).reduce((sum, count) => sum + count, 0));
      expect(stored.size).toBe(frames);
    },
    TIMEOUT_MS,
  );

  it(
    'replayed again into the same database, they leave the same rows',
    async () => {
      const before = await contents();
      await Promise.all(DAYS.map(({ name }) => replay(name, '--clickhouse', clickhouse.url)));
      expect(await contents()).toEqual(before);
    },
    TIMEOUT_MS,
  );
});

/** Every event of a symbol as ClickHouse prints it, by stream and id: receive time, prices and sizes, best first. */
async function printedEvents(url: string, venueSymbol: string): Promise<Map<string, string>> {
  const key = `concat(stream, ' ', toString(sequence_id)) AS key`;
  const time = 'toString(toUnixTimestamp64Micro(received_at))';
  const levels = (side: string): string =>
    `arrayStringConcat(arrayMap(l -> concat(toString(l.1), 'x', toString(l.2)), ${side}), ',')`;
  const where = `WHERE venue_symbol = '${venueSymbol}'`;
  const rows = await query<{ key: string; printed: string }>(
    url,
    `SELECT ${key}, concatWithSeparator(' ', ${time}, toString(price), toString(size)) AS printed
       FROM market_data.tick ${where} AND stream = 'trade'
     UNION ALL
     SELECT ${key}, concatWithSeparator(' ', ${time}, toString(bid), toString(bid_size), toString(ask), toString(ask_size))
       FROM market_data.tick ${where} AND stream = 'bookTicker'
     UNION ALL
     SELECT ${key}, concatWithSeparator(' ', ${time}, ${levels('bids')}, ${levels('asks')})
       FROM market_data.depth ${where}`,
  );
  return new Map(rows.map(({ key: name, printed }) => [name, printed]));
}

interface Wire {
  readonly data: Readonly<Record<string, string>> & {
    readonly t: number;
    readonly u: number;
    readonly b: [string, string][];
    readonly a: [string, string][];
  };
}

/** The same of a frame, from its text. */
function wireEvent({ stream, receivedAt, text }: RecordedFrame): [key: string, wire: string] {
  const { data } = JSON.parse(text) as Wire;
  const say = (...parts: (string | undefined)[]): string => [receivedAt, ...parts].join(' ');
  switch (stream?.split('@')[1]) {
    case 'trade':
      return [`trade ${data.t}`, say(trimmed(data['p']), trimmed(data['q']))];
    case 'bookTicker': {
      const { b, B, a, A } = data as unknown as Record<'b' | 'B' | 'a' | 'A', string>;
      return [`bookTicker ${data.u}`, say(...[b, B, a, A].map(trimmed))];
    }
    default:
      return [`depth ${data.u}`, say(levelsOf(data.b), levelsOf(data.a))];
  }
}

function levelsOf(levels: readonly [string, string][]): string {
  return levels.map(([price, size]) => `${trimmed(price)}x${trimmed(size)}`).join(',');
}

/** Without trailing zeros: `61837.63000000` is `61837.63`, `5.00` is `5`. */
function trimmed(decimal = ''): string {
  return decimal.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}
