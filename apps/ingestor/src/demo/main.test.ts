import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Program, Scratch, until } from '@autotrader/runtime/testing';

const TIMEOUT_MS = 60_000;

const scratch = new Scratch();
afterEach(() => scratch.clean(), TIMEOUT_MS);

/** A demo whose temporary folders are in one of ours. */
async function demo(...args: string[]): Promise<{ program: Program; temporary: string }> {
  const temporary = await scratch.folder();
  return {
    program: scratch.program('apps/ingestor/src/demo/main.ts', args, { TMPDIR: temporary }),
    temporary,
  };
}

/** What a demo has left; the loader of TypeScript keeps its cache there as well. */
async function demoFolders(temporary: string): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith('autotrader'));
}

/** Every stream of every venue. */
const STREAMS = [
  'BINANCE BTCUSDT depth20',
  'BINANCE BTCUSDT trade',
  'BINANCE ETHUSDT depth20',
  'BINANCE ETHUSDT trade',
  'DUKASCOPY EURUSD ticks',
  'IBKR AAPL BidAsk',
  'IBKR AAPL Last',
  'IBKR MSFT BidAsk',
  'IBKR MSFT Last',
  'OANDA EUR_USD price',
  'OANDA USD_JPY price',
];

/** Venue, symbol and stream of each row of the table, with what was sent and what is stored. */
function rowsOf(out: string): { name: string; sent: number; stored: number }[] {
  const rows = out.matchAll(/│ (\w+) +│ (\S+) +│ (\w+) +│ +([\d,]+) │ +([\d,]+) │/g);
  const number = (text = ''): number => Number(text.replaceAll(',', ''));
  return [...rows].map(([, venue, symbol, stream, sent, stored]) => ({
    ...{ name: `${venue} ${symbol} ${stream}`, sent: number(sent), stored: number(stored) },
  }));
}

function expectTable(out: string): void {
  const rows = rowsOf(out);
  expect(rows.map(({ name }) => name).sort()).toEqual(STREAMS);
  for (const { sent, stored } of rows) expect([sent, sent > 0]).toEqual([stored, true]);
  expect(out).toContain('everything that was sent is stored, once');
}

/** Asking a port is the surest way to see whether a server is still there. */
async function expectNobodyAt(url: string): Promise<void> {
  await expect(fetch(url)).rejects.toThrow('fetch failed');
}

describe('the demo', () => {
  it(
    'stops by itself, shows that everything is stored, and leaves nothing behind',
    async () => {
      const { program, temporary } = await demo('--seconds', '3');
      const { code, out, err } = await program.ended;
      expectTable(out);
      expect(code).toBe(0);
      expect(await demoFolders(temporary)).toEqual([]);
      const [, play = '', metrics = ''] =
        /look around: .* at (\S+\/play), metrics at (\S+\/metrics)/.exec(err) ?? [];
      await expectNobodyAt(play);
      await expectNobodyAt(metrics);
      expect(err).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: /);
    },
    TIMEOUT_MS,
  );

  it(
    'shows the same when Ctrl-C ends it',
    async () => {
      const { program, temporary } = await demo();
      const line = await program.line(/look around/);
      const url = /metrics at (\S+)/.exec(line)?.[1] ?? '';
      await untilAllFlow(url);
      program.kill('SIGINT');
      // npm and Nx hand the same Ctrl-C on a second time.
      program.kill('SIGINT');
      const { code, out } = await program.ended;
      expectTable(out);
      expect(code).toBe(0);
      expect(await demoFolders(temporary)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'explains itself, and says in one line what it does not understand',
    async () => {
      const help = await (await demo('--help')).program.ended;
      expect(help.out).toContain('npm run demo -- --seconds 15');
      expect(help.code).toBe(0);
      const wrong = await (await demo('--seconds', 'soon')).program.ended;
      expect(wrong.err).toMatch(/^error: .*a number of seconds above 0 and up to \d+ is wanted\.\n$/);
      expect(wrong.code).toBe(1);
    },
    TIMEOUT_MS,
  );
});

/** Resolves when every symbol has had some of each: every stream counts more than one symbol brings by then. */
async function untilAllFlow(url: string): Promise<void> {
  await until('every stream brings something', async () => {
    const text = await (await fetch(url)).text();
    const lines = text.matchAll(/^ingestion_ticks_total\{.*\} (\d+)$/gm);
    const events = [...lines].map(([, count]) => Number(count));
    const live = STREAMS.filter((name) => !name.startsWith('DUKASCOPY'));
    const streams = new Set(live.map((name) => name.replace(/ \S+ /, ' ')));
    return events.length === streams.size && events.every((count) => count > 20);
  });
}
