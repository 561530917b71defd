/** The process of one bench, so that no bench finds the heap, the compiled code or the handles of another. */
import { NotRunnable } from './not-runnable.mjs';

const [name, options] = [process.argv[2], JSON.parse(process.argv[3])];
const progress = (text) => process.stderr.write(`${name}: ${text}\n`);

async function measure() {
  try {
    const { run } = await import(`./${name}.bench.mjs`);
    return await run({ ...options, progress });
  } catch (error) {
    return error instanceof NotRunnable
      ? { reason: error.message }
      : { reason: String(error.message), failed: true, stack: error.stack };
  }
}

const result = await measure();
if (result.failed) process.stderr.write(`${result.stack}\n`);
process.send({ name, ...result }, () => process.exit());
