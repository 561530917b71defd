import { describe, expect, it } from '@jest/globals';
import { LogLines } from '@autotrader/runtime/testing';
import { StorageHealth } from './storage-health.js';

const RETRY = {
  table: 'tick_raw',
  rows: 34,
  attempt: 1,
  delayMs: 150,
  reason: 'connect ECONNREFUSED',
} as const;

function health(): { health: StorageHealth; lines: string[]; wait: (ms: number) => void } {
  const { log, lines } = new LogLines();
  let now = 0;
  return { health: new StorageHealth(log, () => now), lines, wait: (ms) => (now += ms) };
}

describe('the health of the storage', () => {
  it('is good, without a word, as long as rows are taken', () => {
    const { health: storage, lines } = health();
    storage.stored();
    expect(storage.problem).toBeUndefined();
    expect(lines).toEqual([]);
  });

  it('is bad from the first retry on, and says which rows wait and why', () => {
    const { health: storage, lines } = health();
    storage.retried(RETRY);
    expect(storage.problem).toBe('ClickHouse does not take rows (connect ECONNREFUSED)');
    expect(lines).toEqual([
      'warn: ClickHouse: 34 rows of tick_raw are not stored yet (connect ECONNREFUSED); next try in 0.1 s',
    ]);
  });

  it('is good again with the first insert that is acknowledged, and says how long it was not', () => {
    const { health: storage, lines, wait } = health();
    storage.retried(RETRY);
    wait(2_500);
    storage.stored();
    storage.stored();
    expect(storage.problem).toBeUndefined();
    expect(lines.slice(1)).toEqual([
      'info: ClickHouse: takes rows again after 2.5 s; what waits is stored in its order',
    ]);
  });

  it('is bad as long as ClickHouse is away from the start on', () => {
    const { health: storage } = health();
    storage.away('ClickHouse cannot be reached');
    expect(storage.problem).toBe('ClickHouse cannot be reached');
    storage.back();
    expect(storage.problem).toBeUndefined();
  });

  it('does not fill the log: within an outage it speaks every 5 seconds at most', () => {
    const { health: storage, lines, wait } = health();
    for (let second = 0; second < 12; second++) {
      storage.retried(RETRY);
      wait(1_000);
    }
    expect(lines).toHaveLength(3);
  });

  it('speaks at once of a second outage', () => {
    const { health: storage, lines } = health();
    storage.retried(RETRY);
    storage.stored();
    storage.retried(RETRY);
    expect(lines).toHaveLength(3);
  });
});
