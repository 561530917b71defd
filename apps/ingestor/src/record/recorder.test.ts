import { describe, expect, it } from '@jest/globals';
import type { Batch } from '@autotrader/connector-core';
import type { Gap } from '@autotrader/schemas';
import { Recorder } from './recorder.js';

function gaps(length: number, receivedAt = Date.now() * 1000): Batch {
  const row = { type: 'gap', receivedAt } as Gap;
  return { type: 'gap', length, rows: Array.from({ length }, () => row) };
}

/** A connector whose batches are these. */
const source = (...batches: Batch[]) => ({
  batches: async function* () {
    yield* batches;
  },
});

describe('a recorder', () => {
  it('writes the batches one after the other, in their order', async () => {
    const written: string[] = [];
    const write = async ({ length }: Batch): Promise<void> => {
      written.push(`begin ${length}`);
      await new Promise(setImmediate);
      written.push(`end ${length}`);
    };
    const recorder = new Recorder(source(gaps(1), gaps(2)), { write });
    await recorder.done;
    expect(written).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it('counts rows once they are acknowledged', async () => {
    let acknowledge = (): void => undefined;
    const write = (): Promise<void> => new Promise((resolve) => (acknowledge = resolve));
    const recorder = new Recorder(source(gaps(3)), { write });
    await new Promise(setImmediate);
    expect(recorder.totals.rows).toBe(0);
    acknowledge();
    await recorder.done;
    expect(recorder.totals.rows).toBe(3);
  });

  it('knows how long the oldest row has waited', async () => {
    const recorder = new Recorder(source(gaps(1, (Date.now() - 5_000) * 1000)), {
      write: async () => undefined,
    });
    await recorder.done;
    expect(recorder.totals.lagMs).toBeGreaterThanOrEqual(4_990);
    expect(recorder.totals.lagMs).toBeLessThan(60_000);
  });

  it('fails with the batch that is refused, and writes none after it', async () => {
    const written: number[] = [];
    const write = async ({ length }: Batch): Promise<void> => {
      written.push(length);
      if (length === 2) throw new Error('refused');
    };
    const recorder = new Recorder(source(gaps(1), gaps(2), gaps(3)), { write });
    await expect(recorder.done).rejects.toThrow('refused');
    expect(written).toEqual([1, 2]);
    expect(recorder.totals.rows).toBe(1);
  });
});
