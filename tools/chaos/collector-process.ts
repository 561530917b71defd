import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { programArguments } from '@autotrader/connector-core/testing';

/** What a collector is told. */
export interface CollectorSettings {
  readonly clickhouseUrl: string;
  readonly spoolDir: string;
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly symbols: readonly string[];
}

const ENTRY = fileURLToPath(new URL('./collector.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What a task runner or a test runner says to its own children is not for ours. */
const NOT_PASSED_ON = /^(NX_|FORCE_COLOR$|NODE_OPTIONS$)/;
const AGAIN_AFTER_MS = 300;
/** An event waits so long at the most for its batch to be taken, and then some. */
const LONGEST_IN_MEMORY_MS = 300;

/** A collector in a process of its own, begun again each time it ends, until it is told to finish. */
export class CollectorProcess {
  /** Times it ended by itself, and its last words. */
  readonly ownEnds: string[] = [];
  #child: ChildProcess | undefined;
  #isLive = false;
  #acceptedUntil = 0;
  #isFinishing = false;
  readonly #running: Promise<number | null>;

  constructor(
    private readonly settings: CollectorSettings,
    private readonly onLine: (line: string) => void,
  ) {
    this.#running = this.#run();
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  /** What it heard before this time, our clock, milliseconds, is in its spool; 0 when it is not live. */
  get acceptedUntil(): number {
    return this.#isLive ? this.#acceptedUntil - LONGEST_IN_MEMORY_MS : 0;
  }

  /** SIGKILL, at whatever it is doing. */
  kill(): void {
    this.#isLive = false;
    this.#child?.kill('SIGKILL');
  }

  /** Lets it store everything; resolves with its exit code when it has. */
  async finish(): Promise<number | null> {
    this.#isFinishing = true;
    this.#child?.stdin?.end();
    return this.#running;
  }

  /** SIGKILL, and no further one; resolves when it is gone. */
  async end(): Promise<void> {
    this.#isFinishing = true;
    this.kill();
    await this.#running;
  }

  async #run(): Promise<number | null> {
    for (;;) {
      const { code, signal, words } = await this.#once();
      this.#isLive = false;
      if (this.#isFinishing) return code;
      if (signal === null) {
        this.ownEnds.push(words);
        await delay(AGAIN_AFTER_MS);
        if (this.#isFinishing) return code;
      }
    }
  }

  #hear(text: string): void {
    if (text.includes('live')) this.#isLive = true;
    for (const [, time] of text.matchAll(/accepted (\d+)\n/g)) this.#acceptedUntil = Number(time);
  }

  async #once(): Promise<{ code: number | null; signal: NodeJS.Signals | null; words: string }> {
    const inherited = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
    const child = spawn(process.execPath, [...programArguments(ENTRY), JSON.stringify(this.settings)], {
      cwd: ROOT,
      env: Object.fromEntries(inherited),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    let words = '';
    child.stdin.on('error', () => undefined); // it was killed
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = text.trim();
      for (const line of words.split('\n')) this.onLine(line);
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal, words };
  }
}
