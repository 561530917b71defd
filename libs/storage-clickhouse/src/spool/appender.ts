import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../insert/backoff.js';
import type { TableName } from '../encode/encode-batch.js';
import { type AppendFile, type OpenAppendFile, writeAll } from './append-file.js';
import { syncFolder } from './folder.js';
import { encodeHead, newFileId } from './format.js';
import { Segment } from './segment.js';
import type { Segments } from './segments.js';

/** A record that is to be appended. */
export interface Entry {
  readonly table: TableName;
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
  readonly acceptedAt: number;
}

/** How the appender works. */
export interface AppenderOptions {
  readonly segments: Segments;
  /** Path of the next new file. */
  readonly nextPath: () => string;
  /** At this length a file is full and the next one begins. */
  readonly segmentBytes: number;
  readonly openFile: OpenAppendFile;
  /** The disk failed, for the first time in a row. */
  readonly onFailure: (error: unknown) => void;
  /** The disk works again. */
  readonly onRecovery: () => void;
}

interface Active {
  readonly segment: Segment;
  readonly file: AppendFile;
}

/**
 * Appends records to the newest file of a spool. After a failure a file is never appended to again: what the
 * system then says of its unwritten parts cannot be trusted.
 */
export class Appender {
  #active: Active | undefined;

  constructor(private readonly options: AppenderOptions) {}

  /**
   * Resolves when records are on the disk, however often that must be tried: all of them, or, on a disk that
   * failed, the first, for which there may be room where there is none for all.
   * @returns how many.
   * @throws what ended the tries: the signal's reason.
   */
  async append(entries: readonly Entry[], signal: AbortSignal): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const some = attempt === 1 ? entries : entries.slice(0, 1);
      try {
        await this.#appendOnce(some);
        if (attempt > 1) this.options.onRecovery();
        return some.length;
      } catch (error) {
        await this.seal();
        if (attempt === 1) this.options.onFailure(error);
        signal.throwIfAborted();
        await delay(backoffMs(attempt), undefined, { signal });
      }
    }
  }

  /** The next record begins a new file. */
  async seal(): Promise<void> {
    const active = this.#active;
    this.#active = undefined;
    if (active === undefined) return;
    const { file, segment } = active;
    // Where this fails, what is behind the last record is cut off at the next start.
    await file.truncate(segment.length).catch(() => undefined);
    await file.close().catch(() => undefined);
    this.options.segments.seal(segment);
  }

  async #appendOnce(entries: readonly Entry[]): Promise<void> {
    const bytes = entries.reduce((sum, { length }) => sum + length, 0);
    if (this.#active !== undefined && this.#active.segment.length + bytes > this.options.segmentBytes)
      await this.seal();
    if (this.#active === undefined) this.#active = await this.#begin(entries);
    else await extend(this.#active, entries);
    addAll(this.#active.segment, entries);
  }

  /** A new file with its first records, durable; on failure there is none. */
  async #begin(entries: readonly Entry[]): Promise<Active> {
    const segment = new Segment(this.options.nextPath(), newFileId());
    const file = await this.options.openFile(segment.path);
    try {
      await writeAll(file, [encodeHead(segment.id), ...piecesOf(entries)], 0);
      await file.datasync();
      await syncFolder(dirname(segment.path));
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(segment.path, { force: true }).catch(() => undefined);
      throw error;
    }
    this.options.segments.add(segment);
    return { segment, file };
  }
}

async function extend({ segment, file }: Active, entries: readonly Entry[]): Promise<void> {
  await writeAll(file, piecesOf(entries), segment.length);
  await file.datasync();
}

function piecesOf(entries: readonly Entry[]): Uint8Array[] {
  return entries.flatMap(({ pieces }) => pieces);
}

function addAll(segment: Segment, entries: readonly Entry[]): void {
  let offset = segment.length;
  for (const { table, length, acceptedAt } of entries) {
    segment.add(table, { offset, length, acceptedAt });
    offset += length;
  }
  segment.length = offset;
}
