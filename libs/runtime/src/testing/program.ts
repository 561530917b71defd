import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programArguments } from '@autotrader/connector-core/testing';
import { until } from './until.js';

const PROJECT = fileURLToPath(new URL('../../../..', import.meta.url));
/** What a task runner or a test runner says to its own children is not for ours. */
const NOT_PASSED_ON = /^(NX_|INIT_CWD$|FORCE_COLOR$|NODE_OPTIONS$)/;

/** How a program ended, and what it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A program of ours in a process of its own, from source. */
export class Program {
  /** Resolves when it has ended. */
  readonly ended: Promise<Outcome>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #out = '';
  #err = '';
  #code: number | null = null;
  #hasEnded = false;

  /** @param entry from the project's root: `apps/ingestor/src/main.ts`. */
  constructor(entry: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
    this.#child = spawn(process.execPath, [...programArguments(join(PROJECT, entry)), ...args], {
      cwd: PROJECT,
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#out += text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#err += text));
    this.ended = this.#end();
  }

  /** What it has written to standard error so far. */
  get err(): string {
    return this.#err;
  }

  /** Resolves with the first line of standard error that matches. @throws Error when there is none within 20 s. */
  async line(pattern: RegExp): Promise<string> {
    const line = (): string | undefined => this.#err.split('\n').find((candidate) => pattern.test(candidate));
    const found = await until(String(pattern), () => line() ?? this.#hasEnded).catch(() => undefined);
    if (typeof found === 'string') return found;
    const how = this.#hasEnded ? `it ended with ${this.#code}` : 'it still runs';
    throw new Error(`no line matches ${String(pattern)}, ${how}:\n${this.#err}${this.#out}`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Kills it if it still runs; resolves when it is gone. */
  async dispose(): Promise<void> {
    if (!this.#hasEnded) this.#child.kill('SIGKILL');
    await this.ended;
  }

  async #end(): Promise<Outcome> {
    const [code] = (await once(this.#child, 'close')) as [number | null];
    this.#code = code;
    this.#hasEnded = true;
    return { code, out: this.#out, err: this.#err };
  }
}
