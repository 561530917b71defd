import { tickBatch } from './batches.js';
import { recordedTicks, tickOf } from './recorded-ticks.js';
import { pieces, randomFrom, shuffled } from './shuffled.js';
import { openTickWriter } from './tick-writer.js';

/**
 * A process that stores copies of a recording: `replay-child.ts URL DATABASE RECORDING SYMBOL COPY...`. Each copy is
 * shuffled and cut into batches of its own, and its quotes are received 0.4 s later than those of the copy before.
 * It prints `done` once the bars are right.
 */
async function replay([url = '', database = '', name, symbol = '', ...copies]: string[]): Promise<void> {
  const writer = await openTickWriter(url, database, { throttleMs: 100 });
  const recorded = recordedTicks(name === 'btcusdt' ? 'btcusdt' : 'ethusdt');
  const writing = copies.map(Number).map(async (copy) => {
    const random = randomFrom(copy);
    const ticks = shuffled(recorded, random).map((tick) => tickOf(tick, symbol, copy * 400_000));
    const waiting: Promise<void>[] = [];
    for (const piece of pieces(ticks, 5_000 * (copy + 1), random)) {
      waiting.push(writer.write(tickBatch(piece)));
      if (waiting.length % 3 === 0) await Promise.all(waiting);
    }
    await Promise.all(waiting);
  });
  await Promise.all(writing);
  await writer.close();
  console.log('done');
}

replay(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
