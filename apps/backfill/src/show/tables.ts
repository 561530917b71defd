import Table from 'cli-table3';
import type { DownloadCache } from '@autotrader/connector-core';
import type { SymbolPlan } from '../run/plan.js';
import type { RunResult } from '../run/run.js';
import { bytesText, countText, durationText, numberText } from './text.js';

const MOST_REASONS = 5;

/** A table in our way: numbers to the right. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  texts = 1,
): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column < texts ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(row.map((cell) => (typeof cell === 'number' ? numberText(cell) : cell)));
  return table.toString();
}

/** What a run has done, symbol by symbol, and why what failed has. */
export function resultText(
  { tallies, wasStopped, refusal }: RunResult,
  seconds: number,
  cache: DownloadCache | undefined,
): string {
  const head = ['symbol', 'done', 'empty', 'failed', 'not over', 'before', 'rows'];
  const rows = tallies.map(({ instrument, done, empty, failed, open, before, rows: stored }) => [
    ...[instrument.symbol, done, empty, failed, open, before, stored],
  ]);
  const reasons = new Map<string, number>();
  for (const tally of tallies)
    for (const [reason, count] of tally.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  const most = [...reasons].sort(([, a], [, b]) => b - a).slice(0, MOST_REASONS);
  const left = tallies.reduce((sum, { total, finished }) => sum + Math.max(0, total - finished), 0);
  return [
    tableOf(head, rows),
    ...most.map(([reason, count]) => `${countText(count, 'time')} failed: ${reason}`),
    ...(refusal === undefined ? [] : [`the venue refuses, so nothing more was asked: ${refusal}`]),
    ...(wasStopped
      ? [`stopped with ${countText(left, 'time')} left: the same command goes on from here`]
      : []),
    `took ${durationText(seconds)}${cache === undefined ? '' : `; ${cacheText(cache)}`}`,
  ].join('\n');
}

/** What would be done. */
export function planText(plans: readonly SymbolPlan[], secondsFor: (requests: number) => number): string {
  const head = [
    'symbol',
    'to fetch',
    'of them failed',
    'not over',
    'finished',
    'with others',
    'requests',
    'at least',
  ];
  const rows = plans.map(({ instrument, tasks, failed, open, finished, held, requests }) => [
    ...[instrument.symbol, tasks.length, failed, open, finished, held.length, requests],
    durationText(secondsFor(requests)),
  ]);
  const requests = plans.reduce((sum, plan) => sum + plan.requests, 0);
  const total = `${countText(requests, 'request')}, at the limiter's pace ${durationText(secondsFor(requests))} or longer`;
  return `${tableOf(head, rows)}\n${total}`;
}

/** How large the cache is. */
export function cacheText({ files, bytes }: DownloadCache): string {
  return `${countText(files, 'download')} kept, ${bytesText(bytes)}`;
}
