import Table from 'cli-table3';
import type { ChaosResult } from './chaos.js';

const number = new Intl.NumberFormat('en-US');
const style = { head: [], border: [], compact: true };

/** Whether everything is there, once, and right. */
export function isGood({ collectors, streams, bars, problems }: ChaosResult): boolean {
  return (
    problems.length === 0 &&
    streams.every((stream) => stream.stored > 0 && badIn(stream, collectors) === 0) &&
    bars.every(({ compared, wrong }) => compared > 0 && wrong === 0)
  );
}

/** What happened and what became of it, for people. */
export function reportOf(result: ChaosResult): string {
  const faults = [...result.faults.values()].reduce((sum, count) => sum + count, 0);
  const verdict = isGood(result)
    ? `every event is stored exactly once${result.collectors > 1 ? '' : ' or is in a gap'}, and every bar is right`
    : 'NOT GOOD: see what is lost, doubled, contradicted, changed or wrong';
  return [
    `${faults} faults in ${result.seconds.toFixed(0)} s, seed ${result.seed}`,
    faultTable(result),
    streamTable(result),
    barTable(result),
    ...(result.hasSmallDisk ? [] : ['skipped: no tmpfs can be mounted here, so no disk was filled']),
    ...counted(result.ownEnds),
    ...result.problems.map((problem) => `problem: ${problem}`),
    ...result.bars.flatMap(({ symbol, examples }) => examples.map((line) => `bar of ${symbol}: ${line}`)),
    verdict,
    `the same chance again: npm run chaos -- --seed ${result.seed}${result.collectors > 1 ? ` --collectors ${result.collectors}` : ''}`,
  ].join('\n');
}

function faultTable({ faults }: ChaosResult): string {
  const table = new Table({ head: ['fault', 'times'], colAligns: ['left', 'right'], style });
  for (const [kind, times] of faults) table.push([kind, number.format(times)]);
  return table.toString();
}

function streamTable({ streams }: ChaosResult): string {
  const head = ['symbol', 'stream', 'market', 'ids', 'stored', 'in gaps'];
  const bad = ['lost', 'doubled', 'contradicted', 'changed'];
  const table = new Table({ head: [...head, ...bad], style });
  for (const { symbol, stream, market, ids, stored, missing, ...rest } of streams) {
    const counts = [ids, stored, missing, rest.lost, rest.doubled, rest.contradicted, rest.changed];
    const told = market === undefined ? '-' : number.format(market);
    table.push([symbol, stream, told, ...counts.map((count) => number.format(count))]);
  }
  return table.toString();
}

function barTable({ bars }: ChaosResult): string {
  const table = new Table({ head: ['symbol', 'bars compared', 'wrong'], style });
  for (const { symbol, compared, wrong } of bars)
    table.push([symbol, number.format(compared), number.format(wrong)]);
  return table.toString();
}

/** Each line once, with how often it was said. */
function counted(lines: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
  return [...times].map(([line, count]) => `${line} (${count} times)`);
}

/** Of one collector's gap, another may have what is in it; but then nothing may be in gaps alone. */
function badIn(stream: ChaosResult['streams'][number], collectors: number): number {
  const { lost, doubled, changed, contradicted, missing } = stream;
  return lost + doubled + changed + (collectors > 1 ? missing : contradicted);
}
