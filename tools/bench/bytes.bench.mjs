import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TickColumnWriter } from '@autotrader/connector-core';
import { openStorage } from '@autotrader/storage-clickhouse';
import { lzma } from '@napi-rs/lzma';
import { openDatabase } from './database.mjs';
import { NotRunnable } from './not-runnable.mjs';
import { atMost, figure } from './rows.mjs';

const FOLDER = 'dukascopy/ticks';
const DAY_MS = Date.UTC(2019, 1, 4);
const HOUR_MS = 3_600_000;
const DOWNLOADED_AT = Date.UTC(2026, 10, 22) * 1000;
const RECORD_BYTES = 20;
const PRICE_FACTOR = 100_000;
const BATCH = 50_000;
const AIM = 7;
const SOURCE = {
  ...{ venue: 'DUKASCOPY', symbol: 'EUR/USD', venueSymbol: 'EURUSD', assetClass: 'FOREX', stream: 'tick' },
};

/** Bytes on the disk a row: a recorded day of EUR/USD quotes, stored as history and merged. */
export async function run({ recordings, progress }) {
  const ticks = [...recordedDay(recordings)];
  progress(`storing ${ticks.length.toLocaleString('en-US')} quotes`);
  const database = await openDatabase();
  try {
    const storage = await openStorage({ url: database.url, origin: 'backfill', bars: false });
    for (const batch of batches(ticks)) await storage.write(batch);
    await storage.close();
    await database.query('OPTIMIZE TABLE tick_raw FINAL');
    const [{ rows, bytes }] = await database.query(SIZE);
    if (Number(rows) !== ticks.length) throw new Error(`${ticks.length} quotes are ${rows} rows`);
    return {
      rows: [
        atMost(
          'EUR/USD quotes of 2019-02-04 in tick_raw, merged, index and marks included',
          bytes / rows,
          'bytes a row',
          AIM,
        ),
        figure('of it', Number(rows), 'rows'),
      ],
    };
  } finally {
    await database.stop();
  }
}

const SIZE = `SELECT sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts
  WHERE database = 'market_data' AND table = 'tick_raw' AND active`;

function* recordedDay(recordings) {
  const folder = join(recordings, FOLDER);
  if (!existsSync(folder))
    throw new NotRunnable(
      `no recording at ${folder}: give the folder that holds ${FOLDER} with --recordings DIR`,
    );
  for (const file of readdirSync(folder).sort())
    yield* hourOf(file, lzma.decompressSync(readFileSync(join(folder, file))));
}

/** An hour's records, big-endian: milliseconds of the hour, ask, bid, and both sizes in millions as 32-bit floats. */
function* hourOf(file, records) {
  const start = DAY_MS + Number.parseInt(file, 10) * HOUR_MS;
  for (let at = 0, ordinal = 1; at < records.length; at += RECORD_BYTES, ordinal++) {
    const timestamp = (start + records.readUInt32BE(at)) * 1000;
    const [ask, bid] = [records.readUInt32BE(at + 4), records.readUInt32BE(at + 8)];
    const sizes = {
      askSize: units(records.readFloatBE(at + 12)),
      bidSize: units(records.readFloatBE(at + 16)),
    };
    const prices = {
      price: (ask + bid) / (2 * PRICE_FACTOR),
      ask: ask / PRICE_FACTOR,
      bid: bid / PRICE_FACTOR,
    };
    const quote = { kind: 'quote', size: 0, side: 'UNKNOWN', ...prices, ...sizes };
    yield { type: 'tick', ...SOURCE, timestamp, receivedAt: DOWNLOADED_AT, sequenceId: ordinal, ...quote };
  }
}

function units(millions) {
  return Math.round(Number(millions.toPrecision(6)) * 1e6);
}

function* batches(ticks) {
  for (let from = 0; from < ticks.length; from += BATCH) {
    const writer = new TickColumnWriter(BATCH);
    for (const tick of ticks.slice(from, from + BATCH)) writer.append(0, tick);
    yield writer.take([SOURCE]);
  }
}
