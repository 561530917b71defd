import { describe, expect, it } from '@jest/globals';
import type { Batch } from '@autotrader/connector-core';
import type { Gap } from '@autotrader/schemas';
import { Recorder } from './recorder.js';

function gaps(length: number): Batch {
  const row = { type: 'gap', receivedAt: 0 } as Gap;
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

  it('counts rows once they are accepted', async () => {
    let accept = (): void => undefined;
    const write = (): Promise<void> => new Promise((resolve) => (accept = resolve));
    const recorder = new Recorder(source(gaps(3)), { write });
    await new Promise(setImmediate);
    expect(recorder.rows).toBe(0);
    accept();
    await recorder.done;
    expect(recorder.rows).toBe(3);
  });

  it('fails with the batch that is not accepted, and writes none after it', async () => {
    const written: number[] = [];
    const write = async ({ length }: Batch): Promise<void> => {
      written.push(length);
      if (length === 2) throw new Error('closed');
    };
    const recorder = new Recorder(source(gaps(1), gaps(2), gaps(3)), { write });
    await expect(recorder.done).rejects.toThrow('closed');
    expect(written).toEqual([1, 2]);
    expect(recorder.rows).toBe(1);
  });
});
