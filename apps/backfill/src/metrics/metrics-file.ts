import { rename, rm, writeFile } from 'node:fs/promises';
import { UserError } from '@autotrader/runtime';
import type { Registry } from 'prom-client';

const WRITE_EVERY_MS = 15_000;

/** The metrics of a program that nobody scrapes, in a file for the textfile collector of a node exporter. */
export class MetricsFile {
  #writing: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly registry: Registry,
  ) {
    this.#timer = setInterval(() => void this.#write().catch(() => undefined), WRITE_EVERY_MS);
    this.#timer.unref();
  }

  /** Writes it now, and every 15 seconds. @throws UserError when it cannot be written. */
  static async open(path: string, registry: Registry): Promise<MetricsFile> {
    const file = new MetricsFile(path, registry);
    try {
      await file.#write();
    } catch (error) {
      clearInterval(file.#timer);
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: metrics cannot be written there (${code}): name another --metrics-file`);
    }
    return file;
  }

  /** Writes it a last time; it stays, so that how the run ended can be read. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#write().catch(() => undefined);
  }

  /** A reader finds the whole file or the one before. */
  #write(): Promise<void> {
    const before = this.#writing.catch(() => undefined);
    this.#writing = before.then(async () => {
      const draft = `${this.path}.${process.pid}.tmp`;
      try {
        await writeFile(draft, await this.registry.metrics());
        await rename(draft, this.path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    });
    return this.#writing;
  }
}
