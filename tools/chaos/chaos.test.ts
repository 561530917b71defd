import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programArguments } from '@autotrader/connector-core/testing';
import { describe, expect, it } from '@jest/globals';
import { runChaos } from './chaos.js';
import { isGood, reportOf } from './report.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('a short chaos', () => {
  it('finds every event stored exactly once or in a gap, and every bar right', async () => {
    const result = await runChaos({ seed: 7, collectors: 1, seconds: 5, faults: 8, say: () => undefined });
    const report = reportOf(result);
    expect([isGood(result), report]).toEqual([true, report]);
    expect([...result.faults.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
    expect(result.faults.get('kill collector')).toBeGreaterThan(0);
    expect(report).toContain('npm run chaos -- --seed 7');
  }, 120_000);
});

describe('two collectors on the same symbols, each killed by chance', () => {
  it('store together everything the market did, each event once, and its bars', async () => {
    const result = await runChaos({ seed: 11, collectors: 2, seconds: 8, faults: 8, say: () => undefined });
    const report = reportOf(result);
    expect([isGood(result), report]).toEqual([true, report]);
    expect(result.streams.map(({ missing, lost }) => missing + lost)).toEqual([0, 0, 0, 0]);
    expect(result.faults.get('kill collector')).toBeGreaterThan(0);
  }, 120_000);
});

describe('the command', () => {
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [...programArguments(join(ROOT, 'tools/chaos/main.ts')), ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] },
    });

  it('explains itself', async () => {
    expect((await run('--help')).stdout).toContain('npm run chaos -- [--seconds N]');
  }, 30_000);

  it('says in one line what it does not understand', async () => {
    await expect(run('--seed', 'any')).rejects.toMatchObject({
      code: 1,
      stderr: 'error: --seed must be a whole number, not any\n',
    });
  }, 30_000);
});
