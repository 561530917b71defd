import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsOf } from '@autotrader/connector-core';
import { migrate, openStorage } from '@autotrader/storage-clickhouse';
import { createClient } from '@clickhouse/client';
import { openDatabase } from './database.mjs';
import { median } from './rounds.mjs';
import { atLeast, fasterThan, figure } from './rows.mjs';
import { recordedTicks } from './storage/recorded-ticks.mjs';

const ROUNDS = 3;
const ROWS = 50_000;
const BATCHES = 30;
/** JSON is slower, and as steady over fewer. */
const JSON_BATCHES = 8;
const AIM = 700_000;
const UNIT = 'rows/s';

/**
 * Column batches -> spool, fsynced -> rows that ClickHouse has acknowledged, the minute-bar view at work; beside what
 * one would write without us: the same rows as objects, as JSONEachRow, through the same client into the same table.
 */
export async function run(options) {
  const database = await openDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'autotrader-bench-spool-'));
  try {
    const ticks = await recordedTicks(options);
    const rates = { accepted: [], acknowledged: [], withBars: [], json: [] };
    const into = (round, bars) => ({
      ...{ url: database.url, database: `spooled_${round}_${bars}`, bars },
      spool: { dir: join(folder, `${round}-${bars}`) },
    });
    for (let round = 0; round < ROUNDS; round++) {
      options.progress(`round ${round + 1} of ${ROUNDS}`);
      const plain = await spooled(database, ticks, into(round, false));
      rates.accepted.push(plain.accepted);
      rates.acknowledged.push(plain.drained);
      rates.withBars.push((await spooled(database, ticks, into(round, true))).drained);
      rates.json.push(await jsonEachRow(database, ticks, `json_${round}`));
    }
    return { rows: rowsOf(rates) };
  } finally {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows a second until all are in the spool, and until ClickHouse has acknowledged them all (and their bars stand). */
async function spooled({ query }, ticks, options) {
  const storage = await openStorage(options);
  await storage.write(ticks.batch(ROWS)); // connections are open, code is compiled
  await storage.drained();
  const batches = Array.from({ length: BATCHES }, () => ticks.batch(ROWS));
  const started = performance.now();
  for (const batch of batches) await storage.write(batch);
  const accepted = performance.now();
  await storage.drained();
  const drained = performance.now();
  await storage.close();
  await assertRows(query, options.database, (BATCHES + 1) * ROWS);
  const rate = (until) => (BATCHES * ROWS * 1000) / (until - started);
  return { accepted: rate(accepted), drained: rate(drained) };
}

async function jsonEachRow({ url, query }, ticks, database) {
  await migrate({ url, database });
  const client = createClient({ url, database });
  const insert = (values) =>
    client.insert({
      table: 'tick_raw',
      values,
      format: 'JSONEachRow',
      clickhouse_settings: { async_insert: 0, insert_deduplication_token: randomUUID() },
    });
  await insert(objects(ticks.batch(ROWS)));
  const batches = Array.from({ length: JSON_BATCHES }, () => objects(ticks.batch(ROWS)));
  const started = performance.now();
  for (const values of batches) await insert(values);
  const seconds = (performance.now() - started) / 1000;
  await client.close();
  await assertRows(query, database, (JSON_BATCHES + 1) * ROWS);
  return (JSON_BATCHES * ROWS) / seconds;
}

/** Rows as one writes them by hand, the names of the columns as keys; times as the whole numbers they are. */
function objects(batch) {
  return [...eventsOf(batch)].map((tick) => ({
    ...{
      venue: tick.venue,
      symbol: tick.symbol,
      venue_symbol: tick.venueSymbol,
      asset_class: tick.assetClass,
    },
    ...{ stream: tick.stream, timestamp: tick.timestamp, sequence_id: tick.sequenceId ?? 0 },
    ...{ received_order: String(2n ** 64n - 1n - BigInt(tick.receivedAt)), kind: tick.kind },
    ...{ price: tick.price, size: tick.size, side: tick.side, bid: tick.bid, ask: tick.ask },
    ...{ bid_size: tick.bidSize, ask_size: tick.askSize, origin: 'backfill' },
  }));
}

async function assertRows(query, database, expected) {
  const [{ rows }] = await query(`SELECT count() AS rows FROM ${database}.tick_raw`, database);
  if (Number(rows) !== expected)
    throw new Error(`${expected} rows were sent to ${database}, ${rows} are there`);
}

function rowsOf({ accepted, acknowledged, withBars, json }) {
  const ours = median(acknowledged);
  return [
    atLeast('batches of 50,000 to acknowledged rows, spool, fsync and minute-bar view on', ours, UNIT, AIM),
    fasterThan('the same rows as JSONEachRow through the same client', median(json), UNIT, ours, 3),
    figure('accepted: encoded, in the spool, fsynced', median(accepted), UNIT),
    figure(
      'until the exact bars of all intervals stand, too (20,000 ticks a second of market time)',
      median(withBars),
      UNIT,
    ),
  ];
}
