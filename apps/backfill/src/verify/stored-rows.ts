import type { Instrument } from '@autotrader/connector-core';
import { type Micros, parseRfc3339 } from '@autotrader/schemas';
import type { Storage } from '@autotrader/storage-clickhouse';
import type { Dataset, TimeRange } from '../dataset.js';
import { rowsCondition } from './rows-condition.js';

const HOUR = 3_600_000_000;

/** How many rows are stored, by the hour. */
export class StoredRows {
  private constructor(private readonly hours: ReadonlyMap<Micros, number>) {}

  /** Counts the rows of a dataset and an instrument. @throws StorageError. */
  static async count(
    storage: Pick<Storage, 'query'>,
    dataset: Dataset,
    instrument: Instrument,
    range: TimeRange,
  ): Promise<StoredRows> {
    const time = dataset.rows === 'tick' ? 'timestamp' : 'open_time';
    const rows = await storage.query<{ hour: string; stored: number }>(`
      SELECT toDateTime64(toStartOfHour(${time}), 6, 'UTC') AS hour, count() AS stored
      FROM ${dataset.rows} WHERE ${rowsCondition(dataset, instrument, range)} GROUP BY hour`);
    return new StoredRows(new Map(rows.map(({ hour, stored }) => [parseRfc3339(hour), stored])));
  }

  /** Rows of a time; whole hours are counted. */
  of({ from, to }: TimeRange): number {
    let sum = 0;
    if ((to - from) / HOUR > this.hours.size) {
      for (const [hour, stored] of this.hours) if (hour >= from && hour < to) sum += stored;
      return sum;
    }
    for (let hour = from; hour < to; hour += HOUR) sum += this.hours.get(hour) ?? 0;
    return sum;
  }
}
