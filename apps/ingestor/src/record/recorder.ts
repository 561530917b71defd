import type { Batch, MarketDataConnector } from '@autotrader/connector-core';
import type { Storage } from '@autotrader/storage-clickhouse';

/** Carries the batches of one connector into the storage, in order. */
export class Recorder {
  #rows = 0;
  readonly #done: Promise<void>;

  constructor(connector: Pick<MarketDataConnector, 'batches'>, storage: Pick<Storage, 'write'>) {
    this.#done = this.#run(connector.batches(), storage);
    // Whoever awaits `done` hears of a failure; until then it must not count as unhandled.
    this.#done.catch(() => undefined);
  }

  /** How many the storage has accepted: they will be in ClickHouse, whatever is killed. */
  get rows(): number {
    return this.#rows;
  }

  /** Resolves when the connector was stopped and its last batch is accepted; rejects when one is not. */
  get done(): Promise<void> {
    return this.#done;
  }

  async #run(batches: AsyncIterable<Batch>, storage: Pick<Storage, 'write'>): Promise<void> {
    for await (const batch of batches) {
      await storage.write(batch);
      this.#rows += batch.length;
    }
  }
}
