import { encodeBatch, type EncodedBatch } from './encode/encode-batch.js';
import { StorageError } from './errors.js';
import { Inserter } from './insert/inserter.js';
import { storageMetrics } from './metrics.js';
import { migratedNotice, splitNotice } from './notice.js';
import type { Connection } from './server/connection.js';
import { prepareServer } from './server/prepare.js';
import { queryRows } from './server/rows.js';
import type { Storage, StorageOptions } from './storage.js';

/** A storage whose writes end when ClickHouse has acknowledged. @throws as {@link prepareServer}. */
export async function openDirectStorage(connection: Connection, options: StorageOptions): Promise<Storage> {
  const { client, database } = connection;
  const { settings, migrations } = await prepareServer(connection, options.migrate ?? true);
  if (migrations.length > 0) options.onNotice?.(migratedNotice(migrations));
  const inserter = new Inserter(
    { client, database, settings, signal: options.signal },
    {
      metrics: storageMetrics(options.registry),
      onRetry: (retry) => options.onRetry?.(retry),
      onSplit: (batch, pieces) => options.onNotice?.(splitNotice(batch, pieces)),
      isPatient: false,
    },
  );
  const writing = new Set<Promise<void>>();
  let isClosed = false;
  const insert = async (batch: EncodedBatch): Promise<void> => {
    await inserter.insert(batch);
    await options.afterInsert?.(batch.table, batch.touched);
    options.onStored?.(batch);
  };
  return {
    write: async (batch) => {
      if (isClosed)
        throw new StorageError('CLOSED', 'the storage is closed: nothing can be written any more');
      if (batch.length === 0) return;
      const inserting = insert(encodeBatch(batch));
      writing.add(inserting);
      await inserting.finally(() => writing.delete(inserting));
    },
    drained: async () => void (await Promise.allSettled(writing)),
    positionOf: () => undefined,
    spool: undefined,
    replayDeadLetters: () => Promise.resolve(0),
    query: (sql) => queryRows(connection, sql),
    close: async () => {
      isClosed = true;
      await inserter.close();
      await client.close();
    },
  };
}
