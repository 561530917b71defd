import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DukascopySimulator, startDukascopySimulator } from '@autotrader/connector-dukascopy/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportAll, run } from '../commands.js';
import type { Settings } from '../options/settings.js';
import { desk } from '../testing/desk.js';

const LONG_MS = 120_000;
const { context, scratch, printed, query } = desk();
let venue: DukascopySimulator;
const settings = (): Settings => ({
  ...{ symbols: ['EURUSD', 'GBPUSD'], from: '2024-10-03', to: '2024-10-05T12:00Z', baseUrl: venue.url },
});

beforeAll(async () => {
  venue = await startDukascopySimulator({ ticksPerHour: 30 });
  await run('dukascopy', context(settings()));
}, LONG_MS);
afterAll(() => venue.stop());

async function exported(format: 'parquet' | 'csv' | 'arrow'): Promise<{ out: string; files: string[] }> {
  const out = join(await scratch.folder(), 'out');
  expect(await exportAll('dukascopy', context(settings()), { format, out })).toBe(0);
  const all = await readdir(out, { recursive: true, withFileTypes: true });
  return {
    out,
    files: all
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .sort(),
  };
}

describe('an export', () => {
  it(
    'is a file for each symbol and day that has rows',
    async () => {
      const { out, files } = await exported('csv');
      expect(files.map((file) => file.slice(out.length))).toEqual(
        ['EUR-USD', 'GBP-USD'].flatMap((symbol) =>
          ['2024-10-03', '2024-10-04'].map((date) => `/dukascopy-ticks/symbol=${symbol}/date=${date}.csv`),
        ),
      );
      const [head = '', ...rows] = (await readFile(files[0] ?? '', 'utf8')).trim().split('\n');
      expect(head).toContain('"timestamp","received_at","sequence_id"');
      expect(rows).toHaveLength(24 * 30);
      const [first] = venue.ticks('EURUSD', Date.UTC(2024, 9, 3) * 1_000);
      expect(rows[0]).toContain(`,${(first?.bid ?? NaN) / 100_000},`);
      expect(printed.at(-1)).toBe(`2,760 rows in 4 files under ${out}`);
    },
    LONG_MS,
  );

  it.each(['parquet', 'arrow'] as const)(
    'as %s has the rows that are stored',
    async (format) => {
      const { files } = await exported(format);
      const [file = ''] = files;
      const name = { parquet: 'Parquet', arrow: 'Arrow' }[format];
      const structure = await query<{ rows: number; bids: number }>(
        `SELECT count() AS rows, round(sum(bid), 5) AS bids FROM market_data.tick
       WHERE symbol = 'EUR/USD' AND toDate(timestamp) = '2024-10-03'`,
      );
      expect((await stat(file)).size).toBeGreaterThan(1_000);
      expect(await rowsIn(file, name)).toEqual(structure);
    },
    LONG_MS,
  );

  it(
    'that cannot be written says so in one line',
    async () => {
      const out = join(await scratch.folder(), 'file');
      await writeFile(out, '');
      await expect(exportAll('dukascopy', context(settings()), { format: 'csv', out })).rejects.toThrow(
        /cannot be written \((ENOTDIR|EEXIST)\): name another folder by --out/,
      );
    },
    LONG_MS,
  );

  it(
    'of what is not there exits with 1',
    async () => {
      const none = { ...settings(), from: '2020-01-01', to: '2020-01-02' };
      const out = await scratch.folder();
      expect(await exportAll('dukascopy', context(none), { format: 'csv', out })).toBe(1);
    },
    LONG_MS,
  );
});

/** What ClickHouse reads in a file that is sent to it. */
async function rowsIn(file: string, format: string): Promise<unknown> {
  const sql = `SELECT count() AS rows, round(sum(bid), 5) AS bids FROM exported FORMAT JSONEachRow`;
  const form = new FormData();
  form.append('exported', new Blob([await readFile(file)]), 'exported');
  const url = new URL(context({}).settings.clickhouse ?? '');
  url.searchParams.set('query', sql);
  url.searchParams.set('exported_format', format);
  url.searchParams.set('exported_structure', 'bid Nullable(Float64)');
  url.searchParams.set('output_format_json_quote_64bit_integers', '0');
  const answer = await fetch(url, { method: 'POST', body: form });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return [JSON.parse(text) as unknown];
}
