import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../insert/backoff.js';
import { writeAll } from './append-file.js';
import { deadLetterFolder, syncFolder } from './folder.js';
import {
  decodeRecord,
  encodeHead,
  encodeRecord,
  HEAD_BYTES,
  newFileId,
  parseHead,
  type SpooledBatch,
} from './format.js';
import type { SpoolNotices } from './spool-notices.js';

const SUFFIX = '.dead';

/** The batches that ClickHouse refused: one file each, a spool file of one record that says why. */
export class DeadLetters {
  readonly #folder: string;
  #bytes = 0;
  /** On its way back into the spool: its room is free for it. */
  #leaving: string | undefined;

  constructor(
    spool: string,
    private readonly notices: SpoolNotices,
    private readonly onMeasured: () => void,
  ) {
    this.#folder = deadLetterFolder(spool);
  }

  /** Of all files, as of the last look. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Keeps a refused batch; resolves with the file's path when it is durable, however often that must be tried.
   * @throws what ended the tries: the signal's reason.
   */
  async keep(batch: SpooledBatch, message: string, signal: AbortSignal): Promise<string> {
    const refused = { ...batch, refusal: { message, at: Date.now() } };
    for (let attempt = 1; ; attempt++) {
      try {
        const path = await this.#write(refused);
        if (attempt > 1) this.notices.flows();
        return path;
      } catch (error) {
        if (attempt === 1) this.notices.diskFails(error);
        await delay(backoffMs(attempt), undefined, { signal });
      }
    }
  }

  /** Paths, oldest first. */
  list(): Promise<string[]> {
    return listDeadLetters(this.#folder);
  }

  /**
   * Hands the dead letters over, oldest first; each is removed when that is done. One that cannot be read stays,
   * which is said.
   * @returns how many were handed over.
   */
  async retry(accept: (batch: SpooledBatch) => Promise<void>): Promise<number> {
    let retried = 0;
    for (const path of await this.list()) {
      const batch = await readDeadLetter(path);
      if (batch === undefined) {
        this.notices.unreadable(path);
        continue;
      }
      this.#leaving = path;
      await this.measure();
      try {
        await accept(batch);
        await rm(path, { force: true });
        retried++;
      } finally {
        this.#leaving = undefined;
        await this.measure();
      }
    }
    return retried;
  }

  /** Finds out anew how long the files are: their owner may have deleted some. */
  async measure(): Promise<void> {
    const paths = await this.list().catch(() => []);
    const sizes = paths.map(async (path) =>
      path === this.#leaving ? 0 : ((await stat(path).catch(() => undefined))?.size ?? 0),
    );
    this.#bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    this.onMeasured();
  }

  async #write(batch: SpooledBatch): Promise<string> {
    const time = new Date(batch.acceptedAt).toISOString().replaceAll(':', '');
    const path = join(this.#folder, `${time}-${batch.table}-${batch.token.slice(0, 12)}${SUFFIX}`);
    const file = await open(`${path}.tmp`, 'w');
    try {
      await writeAll(file, [encodeHead(newFileId()), ...encodeRecord(batch)], 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.tmp`, path);
    await syncFolder(this.#folder);
    await this.measure();
    return path;
  }
}

/** Paths of the dead letters in their folder, oldest first. */
export async function listDeadLetters(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
  return names.sort().map((name) => join(folder, name));
}

/** The batch in a dead letter; undefined when the file is damaged or of another version. */
export async function readDeadLetter(path: string): Promise<SpooledBatch | undefined> {
  const file = await readFile(path);
  const isOurs = parseHead(file.subarray(0, HEAD_BYTES))?.id !== undefined;
  if (!isOurs) return undefined;
  try {
    return decodeRecord(file.subarray(HEAD_BYTES));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
