import type { Readable } from 'node:stream';
import { once } from 'node:events';
import type { Batch, StreamPosition } from '@autotrader/connector-core';
import type { BarKeeper } from './bars/bar-keeper.js';
import { encodeBatch, type TableName } from './encode/encode-batch.js';
import { StorageError } from './errors.js';
import { Drain } from './insert/drain.js';
import { Inserter } from './insert/inserter.js';
import { type StorageMetrics, storageMetrics } from './metrics.js';
import { deadLetterNotice, migratedNotice, type Notice, splitNotice } from './notice.js';
import type { Connection } from './server/connection.js';
import { prepareServer, type PreparedServer } from './server/prepare.js';
import { prepareWhenThere } from './server/prepare-when-there.js';
import { isAway } from './server/refusal.js';
import { type ExportFormat, exportRows } from './server/export.js';
import { queryRows } from './server/rows.js';
import { positionsOf, type StreamName } from './spool/positions.js';
import { Spool } from './spool/spool.js';
import type { SpoolOptions, SpoolState } from './spool/spool-options.js';
import type { CloseOptions, Storage, StorageOptions } from './storage.js';
import { barKeeper } from './storage-bars.js';

type Options = StorageOptions & { readonly spool: SpoolOptions };

const CLOSE_TIMEOUT_MS = 10_000;
const NOT_DRAINED = 'closed before ClickHouse had what is in the spool: it is stored at the next start';

/** A storage whose writes end when the spool has the batch. @throws as {@link Spool.open} and {@link prepareServer}. */
export async function openSpooledStorage(connection: Connection, options: Options): Promise<Storage> {
  const wake: { table?: (table: TableName) => void } = {};
  const onNotice = (notice: Notice): void => options.onNotice?.(notice);
  const onAccepted = (table: TableName): void => wake.table?.(table);
  const spool = await Spool.open(options.spool, { onNotice, onAccepted });
  const storage = new SpooledStorage(connection, options, spool);
  wake.table = (table) => storage.wake(table);
  try {
    await storage.connect();
    return storage;
  } catch (error) {
    await storage.close({ drain: false });
    throw error;
  }
}

class SpooledStorage implements Storage {
  readonly #metrics: StorageMetrics;
  /** Nothing is accepted and nothing is tried again any more. */
  readonly #closing = new AbortController();
  /** What is under way ends, too. */
  readonly #givingUp = new AbortController();
  readonly #unwatch: () => void;
  #keeper: BarKeeper | undefined;
  #drain: Drain | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly options: Options,
    private readonly store: Spool,
  ) {
    this.#metrics = storageMetrics(options.registry);
    this.#unwatch = this.#metrics.watch(() => store.state);
    const { signal } = this.#closing;
    options.signal?.addEventListener('abort', () => this.#giveUp(), { once: true, signal });
    if (options.signal?.aborted === true) this.#giveUp();
  }

  /** Begins to store, now or once the server is there. @throws what keeps it for another reason. */
  async connect(): Promise<void> {
    const isToMigrate = this.options.migrate ?? true;
    try {
      this.#begin(await prepareServer(this.connection, isToMigrate));
    } catch (error) {
      if (!isAway(error)) throw error;
      void prepareWhenThere(this.connection, isToMigrate, error, this.#say, this.#closing.signal).then(
        (prepared) => this.#begin(prepared),
        () => undefined, // closed before it was there
      );
    }
  }

  /** There is something of this table in the spool. */
  wake(table: TableName): void {
    this.#drain?.wake(table);
  }

  get spool(): SpoolState {
    return this.store.state;
  }

  async write(batch: Batch): Promise<void> {
    if (this.#closing.signal.aborted)
      throw new StorageError('CLOSED', 'the storage is closed: nothing can be written any more');
    if (batch.length === 0) return;
    const started = performance.now();
    const encoded = encodeBatch(batch, this.options.origin);
    await this.store.accept(encoded, positionsOf(batch));
    this.#metrics.accepted(encoded.table, encoded.rows, (performance.now() - started) / 1000);
  }

  positionOf(source: StreamName): StreamPosition | undefined {
    return this.store.positions.of(source);
  }

  async drained(): Promise<void> {
    const isOver = new AbortController();
    const closed = once(this.#closing.signal, 'abort', { signal: isOver.signal });
    const closedFirst = this.#closing.signal.aborted ? Promise.resolve(true) : closed.then(() => true);
    try {
      const isClosed = await Promise.race([this.store.emptied().then(() => false), closedFirst]);
      if (isClosed) throw new StorageError('CLOSED', NOT_DRAINED);
    } finally {
      closed.catch(() => undefined);
      isOver.abort();
    }
  }

  replayDeadLetters(): Promise<number> {
    return this.store.deadLetters.retry((batch) => this.store.accept(batch));
  }

  query<Row>(sql: string): Promise<Row[]> {
    return queryRows<Row>(this.connection, sql);
  }

  export(sql: string, format: ExportFormat): Promise<Readable> {
    return exportRows(this.connection, sql, format);
  }

  async close({ drain = true, timeoutMs = CLOSE_TIMEOUT_MS }: CloseOptions = {}): Promise<void> {
    this.#closing.abort();
    const timer = setTimeout(() => this.#givingUp.abort(), timeoutMs);
    const given = this.#givingUp.signal.aborted ? undefined : once(this.#givingUp.signal, 'abort');
    await Promise.race([this.#stop(drain), given]);
    clearTimeout(timer);
    this.#givingUp.abort();
    await this.store.close();
    this.#unwatch();
    await this.connection.client.close();
  }

  async #stop(drains: boolean): Promise<void> {
    await this.#drain?.stop(drains);
    await this.#keeper?.close();
    await this.#drain?.settled();
  }

  #begin({ settings, migrations }: PreparedServer): void {
    if (this.#closing.signal.aborted) return;
    if (migrations.length > 0) this.#say(migratedNotice(migrations));
    const { client, database } = this.connection;
    const { onRetry, onStored } = this.options;
    const { signal } = this.#givingUp;
    this.#keeper = barKeeper(this.connection, this.options, this.#metrics, signal);
    const inserter = new Inserter(
      { client, database, settings, signal },
      {
        metrics: this.#metrics,
        onRetry: (retry) => onRetry?.(retry),
        onSplit: (batch, pieces) => this.#say(splitNotice(batch, pieces)),
        isPatient: true,
      },
    );
    this.#drain = new Drain(this.store, inserter, {
      afterInsert: async (_, touched) => this.#keeper?.touched(touched),
      onStored: (stored) => onStored?.(stored),
      onDeadLetter: (batch, reason, path) => {
        this.#metrics.deadLettered(batch.table);
        this.#say(deadLetterNotice(batch, reason, path));
      },
    });
  }

  readonly #say = (notice: Notice): void => this.options.onNotice?.(notice);

  #giveUp(): void {
    this.#closing.abort();
    this.#givingUp.abort();
    void this.#stop(false);
  }
}
