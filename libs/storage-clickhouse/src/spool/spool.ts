import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EncodedBatch, TableName } from '../encode/encode-batch.js';
import { backoffMs } from '../insert/backoff.js';
import type { OnNotice } from '../notice.js';
import { Acceptor } from './acceptor.js';
import { type OpenAppendFile, openAppendFile } from './append-file.js';
import { Appender } from './appender.js';
import { DeadLetters } from './dead-letters.js';
import { claimFolder, folderError, listSegments, removeRemains, segmentPath } from './folder.js';
import type { SpooledBatch } from './format.js';
import { type Lock, lock } from './lock.js';
import { PositionFile } from './position-file.js';
import { type BatchPosition, Positions } from './positions.js';
import { recoverSegment } from './recover.js';
import { Room } from './room.js';
import { readTaken, Segments, type Taken } from './segments.js';
import { SpoolNotices } from './spool-notices.js';
import { type SpoolListener, type SpoolOptions, type SpoolState, sizesOf } from './spool-options.js';

/** A record, and its batch unless the disk has lost it. */
export interface TakenBatch {
  readonly taken: Taken;
  readonly batch: SpooledBatch | undefined;
}

const READ_TRIES = 3;

/** Batches on the disk, from the moment they are accepted to the moment they are forgotten. */
export class Spool {
  /** What ClickHouse refused. */
  readonly deadLetters: DeadLetters;
  /** Where each stream stands among what was accepted. */
  readonly positions = new Positions();
  readonly #positionFile: PositionFile;
  readonly #segments: Segments;
  readonly #appender: Appender;
  readonly #acceptor: Acceptor;
  readonly #room: Room;
  readonly #notices: SpoolNotices;
  #onEmpty: (() => void)[] = [];
  #isClosed = false;

  private constructor(
    /** Absolute path of its folder. */
    readonly dir: string,
    options: SpoolOptions,
    nextNumber: number,
    private readonly lock: Lock,
    listener: SpoolListener,
    openFile: OpenAppendFile,
  ) {
    const { maxBytes, segmentBytes } = sizesOf(options);
    const notices = new SpoolNotices(dir, listener.onNotice);
    let number = nextNumber;
    this.#notices = notices;
    this.deadLetters = new DeadLetters(dir, notices, () => this.#room.freed());
    this.#positionFile = new PositionFile(dir, this.positions);
    this.#segments = new Segments(
      () => this.#room.freed(),
      () => this.#positionFile.save(),
    );
    this.#room = new Room(maxBytes, this.#segments, this.deadLetters);
    this.#appender = new Appender({
      segments: this.#segments,
      nextPath: () => segmentPath(dir, number++),
      segmentBytes,
      openFile,
      onFailure: (error) => notices.diskFails(error),
      onRecovery: () => notices.flows(),
    });
    this.#acceptor = new Acceptor(this.#appender, this.#room, notices, listener.onAccepted);
  }

  /**
   * Takes hold of the folder and of what an earlier run left in it.
   * @throws StorageError CONFIGURATION or SPOOL_*; nothing is lost then.
   */
  static async open(
    options: SpoolOptions,
    listener: SpoolListener,
    openFile: OpenAppendFile = openAppendFile,
  ): Promise<Spool> {
    sizesOf(options);
    const dir = resolve(options.dir);
    let held: Lock | undefined;
    try {
      await claimFolder(dir);
      held = await lock(dir);
      await removeRemains(dir);
      const { paths, nextNumber } = await listSegments(dir);
      const spool = new Spool(dir, options, nextNumber, held, listener, openFile);
      await spool.#recover(paths, listener.onNotice);
      return spool;
    } catch (error) {
      await held?.release();
      throw folderError(dir, error);
    }
  }

  get state(): SpoolState {
    const { pendingBatches, pendingBytes, diskBytes, oldestAcceptedAt } = this.#segments;
    return {
      batches: pendingBatches,
      bytes: pendingBytes,
      diskBytes: diskBytes + this.deadLetters.bytes,
      limitBytes: this.#room.limitBytes,
      deadLetterBytes: this.deadLetters.bytes,
      oldestAcceptedAt,
      isWaiting: this.#notices.isWaiting,
    };
  }

  /**
   * Resolves when the batch is on the disk. At the limit, and while the disk is full or fails, it waits.
   * @param positions where its streams stand after it.
   * @throws StorageError CLOSED when the spool was closed before.
   */
  async accept(batch: EncodedBatch, positions: readonly BatchPosition[] = []): Promise<void> {
    const numbered = this.positions.numbered(positions);
    await this.#acceptor.accept(batch, numbered);
    this.positions.accept(numbered);
  }

  /** Tables of which there is a record that was not taken. */
  get tables(): TableName[] {
    return this.#segments.tables;
  }

  hasNext(table: TableName): boolean {
    return this.#segments.hasNext(table);
  }

  /** The oldest record of a table that was not taken; it stays until it is forgotten. */
  async next(table: TableName): Promise<TakenBatch | undefined> {
    const taken = this.#segments.take(table);
    return taken && { taken, batch: await this.read(taken) };
  }

  /** The batch of a record that was taken; undefined when the disk has lost it, which is said. */
  async read(taken: Taken): Promise<SpooledBatch | undefined> {
    for (let attempt = 1; attempt <= READ_TRIES; attempt++) {
      const batch = await readTaken(taken).catch(() => undefined);
      if (batch !== undefined) return batch;
      await delay(backoffMs(attempt));
    }
    taken.segment.isDamaged = true;
    this.#notices.damaged(taken.segment.path, taken.table);
    return undefined;
  }

  /** A taken record is not needed any more: the oldest one of its table. */
  forget(taken: Taken): void {
    if (this.#isClosed) return; // the files are no longer ours
    this.#segments.forget(taken);
    if (this.#segments.pendingBatches > 0) return;
    for (const done of this.#onEmpty.splice(0)) done();
  }

  /** Resolves when every accepted batch is forgotten. */
  emptied(): Promise<void> {
    if (this.#segments.pendingBatches === 0) return Promise.resolve();
    return new Promise((done) => this.#onEmpty.push(done));
  }

  /** Lets go of the folder; what is not forgotten is there at the next opening. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#acceptor.close();
    await this.#appender.seal();
    await this.#segments.idle();
    await this.#positionFile.save().catch(() => undefined); // the records that are left tell it, too
    await this.lock.release();
  }

  async #recover(paths: readonly string[], onNotice: OnNotice): Promise<void> {
    await this.deadLetters.measure();
    const recovered = [];
    for (const path of paths)
      recovered.push(
        await recoverSegment(path, onNotice, (batch) => this.positions.recover(batch.positions ?? [])),
      );
    await this.#positionFile.load();
    for (const segment of recovered) {
      if (segment === undefined) continue;
      this.#segments.add(segment);
      this.#segments.seal(segment);
    }
    const { batches, bytes } = this.state;
    if (batches > 0) this.#notices.left(batches, bytes);
  }
}
