import { barKeeper } from './storage-bars.js';
import { encodeBatch, type EncodedBatch } from './encode/encode-batch.js';
import { reasonOf, StorageError } from './errors.js';
import { Inserter } from './insert/inserter.js';
import { storageMetrics } from './metrics.js';
import { migratedNotice, splitNotice, staleBarsNotice } from './notice.js';
import type { Connection } from './server/connection.js';
import { exportRows } from './server/export.js';
import { prepareServer } from './server/prepare.js';
import { queryRows } from './server/rows.js';
import type { Storage, StorageOptions } from './storage.js';

/**
 * A storage whose writes end when ClickHouse has acknowledged; the bars follow.  @throws as {@link prepareServer}.
 */
export async function openDirectStorage(connection: Connection, options: StorageOptions): Promise<Storage> {
  const { client, database } = connection;
  const { settings, migrations } = await prepareServer(connection, options.migrate ?? true);
  if (migrations.length > 0) options.onNotice?.(migratedNotice(migrations));
  const metrics = storageMetrics(options.registry);
  const keeper = barKeeper(connection, options, metrics, options.signal);
  const inserter = new Inserter(
    { client, database, settings, signal: options.signal },
    {
      metrics,
      onRetry: (retry) => options.onRetry?.(retry),
      onSplit: (batch, pieces) => options.onNotice?.(splitNotice(batch, pieces)),
      isPatient: false,
    },
  );
  const unfinished = new Set<Promise<void>>();
  const untilDone = (work: Promise<void>): Promise<void> => {
    const done = work.finally(() => unfinished.delete(done));
    unfinished.add(done);
    return done;
  };
  let isClosed = false;
  const insert = async (batch: EncodedBatch): Promise<void> => {
    await inserter.insert(batch);
    options.onStored?.(batch);
    if (keeper === undefined) return;
    untilDone(keeper.touched(batch.touched)).catch((error: unknown) => {
      if (!isClosed) options.onNotice?.(staleBarsNotice(reasonOf(error)));
    });
  };
  return {
    write: async (batch) => {
      if (isClosed)
        throw new StorageError('CLOSED', 'the storage is closed: nothing can be written any more');
      if (batch.length > 0) await untilDone(insert(encodeBatch(batch, options.origin)));
    },
    drained: async () => {
      while (unfinished.size > 0) await Promise.allSettled(unfinished);
    },
    positionOf: () => undefined,
    spool: undefined,
    replayDeadLetters: () => Promise.resolve(0),
    query: (sql) => queryRows(connection, sql),
    export: (sql, format) => exportRows(connection, sql, format),
    close: async () => {
      isClosed = true;
      await inserter.close();
      await keeper?.close();
      await client.close();
    },
  };
}
