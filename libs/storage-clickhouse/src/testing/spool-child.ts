import { anyBatch, openSpool } from './spools.js';

/**
 * A process that fills a spool until it is killed: `spool-child.ts DIR FIRST`. It prints the number of each batch
 * once it is accepted, and what goes wrong.
 */
async function fill(dir: string, first: number): Promise<void> {
  const { spool, notices } = await openSpool({ dir, segmentBytes: 100_000 });
  for (const { message } of notices.all) console.log(message);
  for (let number = first; ; number++) {
    await spool.accept(anyBatch(`${number} ${'x'.repeat((number * 7919) % 20_000)}`));
    console.log(number);
  }
}

const [dir = '', first] = process.argv.slice(2);
fill(dir, Number(first)).catch((error: unknown) => {
  const { code, message } = error as { code?: string; message: string };
  console.log(`${code}: ${message}`);
  process.exitCode = 1;
});
