import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@autotrader/connector-core';
import { programArguments, type SentCount } from '@autotrader/connector-core/testing';
import { startDukascopySimulator } from '@autotrader/connector-dukascopy/testing';
import type { Micros } from '@autotrader/schemas';
import type { Logger } from 'pino';
import type { Store } from '../record/store.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const SYMBOL = 'EURUSD';
const HOUR = 3_600_000_000;
/** Hours that are over for long enough to be there. */
const [EARLIEST, LATEST] = [10, 4];

/** A few hours of history, brought by the real back-fill beside the live venues. */
export interface DemoHistory {
  /** In capitals, as it stands in events. */
  readonly name: string;
  /** What the venue has of the hours that the ledger says are done. */
  sent(store: Pick<Store, 'query'>): Promise<readonly SentCount[]>;
  /** Resolves when it is stored, or has ended otherwise; that is said. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** Back-fills some hours of a simulated Dukascopy into a ClickHouse by the program of its own. */
export async function startHistory(clickhouse: string, clock: Clock, log: Logger): Promise<DemoHistory> {
  const venue = await startDukascopySimulator({ isAlwaysOpen: true, now: () => clock.now() });
  const current = clock.now();
  const now = current - (current % HOUR);
  const [from, to] = [now - EARLIEST * HOUR, now - LATEST * HOUR];
  const args = [
    'run',
    'dukascopy',
    '--symbols',
    SYMBOL,
    '--from',
    textOf(from),
    '--to',
    textOf(to),
    '--no-cache',
  ];
  log.info(
    `the demo back-fills ${EARLIEST - LATEST} hours of a simulated Dukascopy beside it: backfill ${args.join(' ')}`,
  );
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(
    process.execPath,
    [
      ...[...programArguments(join(ROOT, 'apps/backfill/src/main.ts')), ...args],
      ...['--clickhouse', clickhouse, '--base-url', venue.url, '--requests-per-second', '10'],
    ],
    { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const done = once(child, 'close').then(([code, signal]: unknown[]) => {
    if (code === 0) log.info('the back-fill is done');
    else if (signal === null) log.warn(`the back-fill ended with ${String(code)}: ${said.trim()}`);
  });
  return {
    name: 'DUKASCOPY',
    sent: async (store) => {
      const tasks = await store.query<{ hour: number }>(
        `SELECT toUnixTimestamp64Micro(from_time) AS hour FROM backfill_task WHERE state = 'done'`,
      );
      const events = tasks.reduce((sum, { hour }) => sum + venue.ticks(SYMBOL, hour).length, 0);
      return tasks.length === 0
        ? []
        : [{ venueSymbol: SYMBOL, stream: 'ticks', events, frames: tasks.length }];
    },
    done,
    stop: async () => {
      child.kill('SIGKILL');
      await done;
      await venue.stop();
    },
  };
}

function textOf(time: Micros): string {
  return `${new Date(time / 1_000).toISOString().slice(0, 16)}Z`;
}
