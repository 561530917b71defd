import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Scratch } from '@autotrader/runtime/testing';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Tally } from '../run/tally.js';
import { MetricsFile } from './metrics-file.js';
import { RunMetrics } from './run-metrics.js';

const scratch = new Scratch();
afterAll(() => scratch.clean());

function tally(counts: Partial<Tally>): Tally {
  const instrument = { symbol: 'EUR/USD', venueSymbol: 'EURUSD', assetClass: 'FOREX' as const };
  return Object.assign(new Tally(instrument), counts);
}

async function valueOf(registry: Registry, sample: string): Promise<number> {
  const line = (await registry.metrics()).split('\n').find((each) => each.startsWith(`${sample} `));
  return Number(line?.slice(sample.length));
}

describe('the metrics of a run', () => {
  it('tell its tasks by state, and when the last one came to an end', async () => {
    const registry = new Registry();
    let now = 5_000;
    const metrics = new RunMetrics(registry, 'DUKASCOPY', () => now);
    metrics.update([]);
    now = 9_000;
    metrics.update([tally({ total: 10, done: 3, failed: 1, rows: 600 }), tally({ total: 5, empty: 2 })]);
    now = 20_000;
    metrics.update([tally({ total: 10, done: 3, failed: 1, rows: 600 }), tally({ total: 5, empty: 2 })]);
    const tasks = (state: string): Promise<number> =>
      valueOf(registry, `backfill_tasks{venue="DUKASCOPY",state="${state}"}`);
    expect(await Promise.all(['done', 'empty', 'failed', 'open', 'pending'].map(tasks))).toEqual([
      3, 2, 1, 0, 9,
    ]);
    expect(await valueOf(registry, 'backfill_rows{venue="DUKASCOPY"}')).toBe(600);
    expect(await valueOf(registry, 'backfill_progress_timestamp_seconds{venue="DUKASCOPY"}')).toBe(9);
    expect(await valueOf(registry, 'backfill_running{venue="DUKASCOPY"}')).toBe(1);
    metrics.end();
    expect(await valueOf(registry, 'backfill_running{venue="DUKASCOPY"}')).toBe(0);
  });
});

describe('the file of metrics', () => {
  it('is there from the start, and has the last word at the end', async () => {
    const path = join(await scratch.folder(), 'backfill.prom');
    const registry = new Registry();
    const metrics = new RunMetrics(registry, 'POLYGON');
    metrics.update([]);
    const file = await MetricsFile.open(path, registry);
    expect(await readFile(path, 'utf8')).toContain('backfill_running{venue="POLYGON"} 1\n');
    metrics.end();
    await file.close();
    expect(await readFile(path, 'utf8')).toContain('backfill_running{venue="POLYGON"} 0\n');
  });

  it('that cannot be written is said in one line', async () => {
    const path = join(await scratch.folder(), 'nowhere', 'backfill.prom');
    await expect(MetricsFile.open(path, new Registry())).rejects.toThrow(
      `${path}: metrics cannot be written there (ENOENT): name another --metrics-file`,
    );
  });
});
