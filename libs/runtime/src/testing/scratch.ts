import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedClickHouse, startClickHouse } from '@autotrader/embedded-clickhouse';
import { Program } from './program.js';

/** What a test makes outside of itself; all of it is gone after {@link clean}. */
export class Scratch {
  #cleaners: (() => unknown)[] = [];

  /** Does this at the end; what came later is cleaned first. */
  defer(clean: () => unknown): void {
    this.#cleaners.push(clean);
  }

  /** A new folder. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'autotrader-test-'));
    this.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
    return folder;
  }

  /** A new file of this name in a folder of its own. */
  async file(name: string, content: string | Uint8Array): Promise<string> {
    const file = join(await this.folder(), name);
    await writeFile(file, content);
    return file;
  }

  /** A config file, written as JSON, which is YAML; with a spool of its own unless one is named. */
  async config(settings: object): Promise<string> {
    const spool = { dir: join(await this.folder(), 'spool') };
    return this.file('ingestor.yaml', JSON.stringify({ spool, ...settings }));
  }

  /** A ClickHouse, in a new folder unless one is named. */
  async clickhouse(dataDir?: string, httpPort?: number): Promise<EmbeddedClickHouse> {
    const folder = dataDir ?? (await this.folder());
    const server = await startClickHouse({ dataDir: folder, ...(httpPort !== undefined && { httpPort }) });
    this.defer(() => server.stop());
    return server;
  }

  /** A program, by its path from the project's root. */
  program(entry: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
    const program = new Program(entry, args, env);
    this.defer(() => program.dispose());
    return program;
  }

  async clean(): Promise<void> {
    for (const clean of this.#cleaners.splice(0).reverse()) await clean();
  }
}
