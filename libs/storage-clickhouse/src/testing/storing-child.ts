import { openStorage } from '../storage.js';
import { tickBatch, trades } from './batches.js';

/**
 * A process that writes batches of 100 trades until it is killed: `storing-child.ts URL DATABASE SPOOL FIRST LAST`.
 * It prints the number of each batch once `write` has resolved.
 */
async function store([url = '', database = '', dir = '', first, last]: readonly string[]): Promise<void> {
  const storage = await openStorage({ url, database, spool: { dir, segmentBytes: 50_000 } });
  for (let number = Number(first); number <= Number(last); number++) {
    await storage.write(tickBatch(trades(number * 100, (number + 1) * 100)));
    console.log(number);
  }
  await storage.drained();
  await storage.close();
}

store(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
