import type { Readable } from 'node:stream';
import type { Batch, Source, StreamPosition } from '@autotrader/connector-core';
import type { Registry } from 'prom-client';
import { openDirectStorage } from './direct-storage.js';
import type { Origin } from './encode/origin.js';
import type { Stored } from './insert/lane.js';
import type { Retry } from './insert/inserter.js';
import type { OnNotice } from './notice.js';
import { connect, type ConnectionOptions } from './server/connection.js';
import type { ExportFormat } from './server/export.js';
import { refusal } from './server/refusal.js';
import { openSpooledStorage } from './spooled-storage.js';
import type { SpoolOptions, SpoolState } from './spool/spool-options.js';

/** Where to store, and who wants to know how it goes. What is called back must not throw. */
export interface StorageOptions extends ConnectionOptions {
  /**
   * Where batches are kept until ClickHouse has them. Without it, what was not acknowledged when the process
   * dies is lost with it.
   */
  readonly spool?: SpoolOptions | undefined;
  /**
   * Whether migrations the database lacks are applied at the opening; default true. With false the opening
   * fails when the schema is behind: for those who run {@link migrate} by itself, with other rights.
   */
  readonly migrate?: boolean | undefined;
  /** Where the metrics go; without one nothing is counted. */
  readonly registry?: Registry | undefined;
  /** Called each time an insert failed and will be sent again. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** Called each time ClickHouse has acknowledged a batch. */
  readonly onStored?: ((stored: Stored) => void) | undefined;
  /** Called with what a person should hear of. */
  readonly onNotice?: OnNotice | undefined;
  /** How the ticks and books came to us, which decides how long they are kept; default `backfill`: for ever. */
  readonly origin?: Origin | undefined;
  /** Whether the bars of the minutes that ticks are in are computed anew; default true. */
  readonly bars?: boolean | undefined;
  /**
   * Between the beginnings of two computations of bars, in milliseconds; default 1,000: what comes meanwhile is one. 0 where
   * whoever writes waits for the bars.
   */
  readonly barThrottleMs?: number | undefined;
  /** Ends everything at once, requests under way included. */
  readonly signal?: AbortSignal | undefined;
}

/** How a storage is closed. */
export interface CloseOptions {
  /** Whether what the spool holds is stored first, as far as ClickHouse takes it at once; default true. */
  readonly drain?: boolean | undefined;
  /** No longer than this, in milliseconds; default 10,000. */
  readonly timeoutMs?: number | undefined;
}

/** Batches into ClickHouse, each exactly once; and questions to it. */
export interface Storage {
  /**
   * Writes a batch. With a spool it resolves when the batch is on the disk: it will be in ClickHouse whatever is
   * killed; it waits while there is no room. Without one it resolves when ClickHouse has acknowledged the batch.
   * What fails but may pass (the server is away, busy, full) is tried again with the same bytes for as long as
   * it takes. Batches of one table are stored in the order of the calls. Await it, or memory grows with what is
   * waiting.
   * @throws StorageError CLOSED; without a spool also REJECTED or SHORT_WRITE.
   */
  write(batch: Batch): Promise<void>;
  /**
   * Resolves when ClickHouse has everything that was written so far, and the bars are those of it; a dead letter
   * does not count.
   * @throws StorageError CLOSED when the storage is closed before.
   */
  drained(): Promise<void>;
  /**
   * Where a stream stands among what was written, by this process and by earlier ones with the same spool: what a
   * connector wants as `resumeFrom`. Undefined when nothing of it was written, and without a spool.
   */
  positionOf(source: Pick<Source, 'venue' | 'venueSymbol' | 'stream'>): StreamPosition | undefined;
  /** How full the spool is; undefined without one. */
  readonly spool: SpoolState | undefined;
  /** Sends again what ClickHouse had refused for good. @returns how many batches; 0 without a spool. */
  replayDeadLetters(): Promise<number>;
  /**
   * The rows of a SELECT (without FORMAT). Times are RFC 3339 text with six decimals; 64-bit integers are
   * numbers, exact up to 2^53.
   * @throws StorageError REJECTED when the server refuses, UNREACHABLE when it does not answer.
   */
  query<Row>(sql: string): Promise<Row[]>;
  /**
   * The rows of a SELECT (without FORMAT) as a file, streamed; to be read to its end or destroyed.
   * @throws StorageError REJECTED when the server refuses, UNREACHABLE when it does not answer.
   */
  export(sql: string, format: ExportFormat): Promise<Readable>;
  /**
   * Lets go of the server. What is being written gets one last attempt; what is in the spool after that is stored
   * when it is opened again. Never throws.
   */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Connects to ClickHouse and makes sure that batches can be written: that it answers, lets us in, is 24.8 or
 * newer, and has the database with the current schema, which is created or brought up to date. With a spool, a
 * ClickHouse that does not answer is no error: what is written meanwhile is stored once it does.
 * @throws StorageError CONFIGURATION, UNREACHABLE, AUTHENTICATION, READ_ONLY, VERSION, DATABASE, MIGRATION,
 * REJECTED or SPOOL_*.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const connection = connect(options);
  try {
    const { spool } = options;
    if (spool === undefined) return await openDirectStorage(connection, options);
    return await openSpooledStorage(connection, { ...options, spool });
  } catch (error) {
    await connection.client.close();
    throw refusal(connection, error);
  }
}
