import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where downloads are kept, and how much of them. */
export interface DownloadCacheOptions {
  /** Folder of the cache; made when it is not there. */
  readonly dir: string;
  /** At most so many bytes; beyond, what was not used for longest is removed. 10 GiB by default. */
  readonly mostBytes?: number | undefined;
  /** How long what may still change is good for, milliseconds; an hour by default. */
  readonly openForMs?: number | undefined;
  /** Milliseconds since the epoch; passed in so that tests decide. */
  readonly now?: (() => number) | undefined;
}

/** Where a venue finds what was downloaded before; a {@link DownloadCache}, or what stands before one. */
export type Downloads = Pick<DownloadCache, 'read' | 'write'>;

const MOST_BYTES = 10 * 2 ** 30;
const OPEN_FOR_MS = 3_600_000;
const NEW_LINE = 0x0a;

/** First line of a file; the bytes follow. */
interface Heading {
  readonly name: string;
  readonly checksum: string;
  readonly fetchedAt: number;
  readonly isClosed: boolean;
}

/**
 * Downloads on disk, each under its name, with a checksum: those of a time that is over are kept until there is no room, others
 * for an hour. Any number of processes may share a folder. A file that was damaged is none.
 */
export class DownloadCache {
  /** Name of file to its size, least recently used first. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;
  readonly #dir: string;
  readonly #mostBytes: number;
  readonly #openForMs: number;
  readonly #now: () => number;

  private constructor({ dir, mostBytes, openForMs, now }: DownloadCacheOptions) {
    this.#dir = dir;
    this.#mostBytes = mostBytes ?? MOST_BYTES;
    this.#openForMs = openForMs ?? OPEN_FOR_MS;
    this.#now = now ?? Date.now;
  }

  /** @throws the system's error when the folder cannot be made or read. */
  static async open(options: DownloadCacheOptions): Promise<DownloadCache> {
    const cache = new DownloadCache(options);
    await mkdir(options.dir, { recursive: true });
    await cache.#survey();
    return cache;
  }

  /** Bytes of all files that this process knows of. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of files that this process knows of. */
  get files(): number {
    return this.#sizes.size;
  }

  /** What was kept under the name (an address without secrets); `undefined` when it is not there, damaged or too old. */
  async read(name: string): Promise<Buffer | undefined> {
    const file = fileOf(name);
    const whole = await readFile(join(this.#dir, file)).catch(() => undefined);
    if (whole === undefined) return undefined;
    const end = whole.indexOf(NEW_LINE);
    const heading = headingOf(whole.subarray(0, Math.max(0, end)));
    const bytes = whole.subarray(end + 1);
    if (heading?.name !== name || heading.checksum !== checksumOf(bytes)) return undefined;
    if (!heading.isClosed && this.#now() - heading.fetchedAt > this.#openForMs) return undefined;
    this.#note(file, whole.length);
    const at = new Date(this.#now());
    await utimes(join(this.#dir, file), at, at).catch(() => undefined);
    return bytes;
  }

  /**
   * Keeps a download, whole or not at all.
   * @param isClosed whether its time is over, so that it will not change any more.
   * @throws the system's error when it cannot be written.
   */
  async write(name: string, bytes: Uint8Array, isClosed: boolean): Promise<void> {
    const file = fileOf(name);
    const path = join(this.#dir, file);
    const heading: Heading = { name, checksum: checksumOf(bytes), fetchedAt: this.#now(), isClosed };
    const whole = Buffer.concat([Buffer.from(`${JSON.stringify(heading)}\n`), bytes]);
    await mkdir(dirname(path), { recursive: true });
    const unfinished = `${path}.${randomUUID()}.part`;
    try {
      await writeFile(unfinished, whole);
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    this.#note(file, whole.length);
    await this.#makeRoom();
  }

  #note(file: string, size: number): void {
    this.#bytes += size - (this.#sizes.get(file) ?? 0);
    this.#sizes.delete(file);
    this.#sizes.set(file, size);
  }

  async #makeRoom(): Promise<void> {
    for (const [file, size] of this.#sizes) {
      if (this.#bytes <= this.#mostBytes || this.#sizes.size === 1) return;
      this.#sizes.delete(file);
      this.#bytes -= size;
      await rm(join(this.#dir, file), { force: true });
    }
  }

  /** What earlier processes have left; a file that was never finished is removed after a day. */
  async #survey(): Promise<void> {
    const known: { file: string; size: number; usedAt: number }[] = [];
    for (const folder of await readdir(this.#dir, { withFileTypes: true })) {
      if (!folder.isDirectory()) continue;
      for (const name of await readdir(join(this.#dir, folder.name))) {
        const file = join(folder.name, name);
        const about = await stat(join(this.#dir, file)).catch(() => undefined);
        if (about === undefined) continue;
        if (!name.endsWith('.part')) known.push({ file, size: about.size, usedAt: about.mtimeMs });
        else if (this.#now() - about.mtimeMs > 86_400_000) await rm(join(this.#dir, file), { force: true });
      }
    }
    known.sort((a, b) => a.usedAt - b.usedAt);
    for (const { file, size } of known) this.#note(file, size);
    await this.#makeRoom();
  }
}

function fileOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return join(hash.slice(0, 2), hash);
}

function checksumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function headingOf(line: Buffer): Heading | undefined {
  try {
    return JSON.parse(line.toString('utf8')) as Heading;
  } catch {
    return undefined;
  }
}
