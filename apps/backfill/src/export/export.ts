import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Instrument } from '@autotrader/connector-core';
import { parseRfc3339 } from '@autotrader/schemas';
import { UserError } from '@autotrader/runtime';
import type { ExportFormat, Storage } from '@autotrader/storage-clickhouse';
import type { Dataset, TimeRange } from '../dataset.js';
import { rowsCondition } from '../verify/rows-condition.js';

const DAY = 86_400_000_000;

/** A file that was written. */
export interface ExportedFile {
  readonly path: string;
  readonly rows: number;
}

/** What is exported, and where to. */
export interface ExportRequest {
  readonly dataset: Dataset;
  readonly instrument: Instrument;
  readonly range: TimeRange;
  readonly format: ExportFormat;
  /** Folder; made when it is not there. */
  readonly out: string;
}

/**
 * Streams the rows of an instrument into files, one a day (UTC) that has any: `symbol=EUR-USD/date=2024-10-01.parquet`, as engines
 * that read partitioned folders want them. Each appears when it is whole.
 * @throws StorageError; UserError when a file cannot be written.
 */
export async function* exportDays(
  storage: Pick<Storage, 'query' | 'export'>,
  request: ExportRequest,
  signal: AbortSignal,
): AsyncGenerator<ExportedFile> {
  const { dataset, instrument, range, format, out } = request;
  const time = dataset.rows === 'tick' ? 'timestamp' : 'open_time';
  const days = await storage.query<{ day: string; stored: number }>(`
    SELECT toDateTime64(toStartOfDay(${time}), 6, 'UTC') AS day, count() AS stored
    FROM ${dataset.rows} WHERE ${rowsCondition(dataset, instrument, range)} GROUP BY day ORDER BY day`);
  for (const { day, stored } of days) {
    if (signal.aborted) return;
    const from = parseRfc3339(day);
    const part = { from: Math.max(from, range.from), to: Math.min(from + DAY, range.to) };
    const sql = `SELECT * FROM ${dataset.rows} WHERE ${rowsCondition(dataset, instrument, part)} ORDER BY ${time}, sequence_id`;
    const folder = join(
      out,
      dataset.name.replace(/ /g, '-'),
      `symbol=${instrument.symbol.replace(/[^A-Za-z0-9.]/g, '-')}`,
    );
    const path = join(folder, `date=${day.slice(0, 10)}.${format}`);
    await writeWhole(storage, sql, format, folder, path);
    yield { path, rows: stored };
  }
}

async function writeWhole(
  storage: Pick<Storage, 'export'>,
  sql: string,
  format: ExportFormat,
  folder: string,
  path: string,
): Promise<void> {
  const unfinished = `${path}.part`;
  const rows = await storage.export(sql, format);
  try {
    await mkdir(folder, { recursive: true });
    await pipeline(rows, createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    rows.destroy();
    await rm(unfinished, { force: true }).catch(() => undefined);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`${path} cannot be written (${code}): name another folder by --out`);
  }
}
