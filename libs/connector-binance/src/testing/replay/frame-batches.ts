import type { RecordedFrame } from './recorded-frame.js';

const BATCH = 512;

/** Cuts any source of frames into batches: awaiting each frame alone would cost more than sending it. */
export async function* inBatches(
  frames: Iterable<RecordedFrame> | AsyncIterable<RecordedFrame>,
): AsyncGenerator<readonly RecordedFrame[]> {
  let batch: RecordedFrame[] = [];
  if (Symbol.iterator in frames) {
    for (const frame of frames) {
      batch.push(frame);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  } else {
    for await (const frame of frames) {
      batch.push(frame);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
