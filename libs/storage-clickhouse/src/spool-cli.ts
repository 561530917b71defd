#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { StorageError } from './errors.js';
import { batchesText, bytesText } from './spool/amounts.js';
import { inventoryOf } from './spool/inventory.js';
import { Spool } from './spool/spool.js';

const USAGE = `Usage: autotrader-spool list --dir DIR
       autotrader-spool retry --dir DIR

list    says what waits in a spool, and what ClickHouse has refused; changes nothing
retry   puts what ClickHouse has refused back into the spool: it is sent again when the spool is opened next

  --dir DIR   the spool's folder
  --help`;

async function list(dir: string): Promise<void> {
  const { waiting, damagedBytes, deadLetters } = await inventoryOf(dir);
  if (waiting.size === 0) console.log('nothing waits');
  for (const [table, { batches, bytes, oldestAcceptedAt }] of waiting) {
    const since = new Date(oldestAcceptedAt).toISOString();
    console.log(
      `${table}: waiting are ${batchesText(batches)} (${bytesText(bytes)}), the oldest since ${since}`,
    );
  }
  if (damagedBytes > 0)
    console.log(`${bytesText(damagedBytes)} are damaged; they are moved aside when it is opened`);
  for (const { path, batch } of deadLetters)
    console.log(
      `${path}: ${batch === undefined ? 'is damaged' : `${batch.rows} rows for ${batch.table}: ${batch.message}`}`,
    );
}

async function retry(dir: string): Promise<void> {
  const onNotice = ({ message }: { message: string }): void => console.error(message);
  const spool = await Spool.open({ dir, maxBytes: Infinity }, { onNotice, onAccepted: () => undefined });
  try {
    const batches = await spool.deadLetters.retry((batch) => spool.accept(batch));
    console.log(`back in the spool: ${batchesText(batches)}`);
  } finally {
    await spool.close();
  }
}

const VERBS = new Map([
  ['list', list],
  ['retry', retry],
]);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { dir: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(USAGE);
  const verb = VERBS.get(positionals[0] ?? '');
  if (verb === undefined || positionals.length > 1) throw new TypeError('say list or retry: see --help');
  if (values.dir === undefined)
    throw new TypeError('--dir says where the spool is, and is missing: see --help');
  await verb(values.dir);
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  const isPlain = error instanceof StorageError || error instanceof TypeError;
  console.error(isPlain ? `error: ${error.message}` : error);
});
