import type { Batch, MarketDataConnector } from '@autotrader/connector-core';
import type { Storage } from '@autotrader/storage-clickhouse';
import type { Micros } from '@autotrader/schemas';

/** What a recorder has done since it was made. */
export interface RecorderTotals {
  /** Rows ClickHouse has acknowledged. */
  readonly rows: number;
  /** How long the oldest row of the latest insert waited until it was acknowledged, in milliseconds. */
  readonly lagMs: number;
}

/** Carries the batches of one connector into the storage, in order. */
export class Recorder {
  #rows = 0;
  #lagMs = 0;
  readonly #done: Promise<void>;

  constructor(connector: Pick<MarketDataConnector, 'batches'>, storage: Pick<Storage, 'write'>) {
    this.#done = this.#run(connector.batches(), storage);
    // Whoever awaits `done` hears of a failure; until then it must not count as unhandled.
    this.#done.catch(() => undefined);
  }

  get totals(): RecorderTotals {
    return { rows: this.#rows, lagMs: this.#lagMs };
  }

  /** Resolves when the connector was stopped and its last batch is acknowledged; rejects when one is refused. */
  get done(): Promise<void> {
    return this.#done;
  }

  async #run(batches: AsyncIterable<Batch>, storage: Pick<Storage, 'write'>): Promise<void> {
    for await (const batch of batches) {
      const oldest = oldestReceipt(batch);
      const lagBefore = Date.now() - oldest / 1000;
      const startedAt = performance.now();
      await storage.write(batch);
      this.#rows += batch.length;
      this.#lagMs = lagBefore + performance.now() - startedAt;
    }
  }
}

function oldestReceipt(batch: Batch): Micros {
  if (batch.type === 'tick' || batch.type === 'depth') return batch.columns.receivedAt[0] ?? 0;
  return batch.rows[0]?.receivedAt ?? 0;
}
