import type { Storage } from '@autotrader/storage-clickhouse';
import { tableOf } from '../show/tables.js';
import { countText } from '../show/text.js';

interface Row {
  readonly dataset: string;
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  readonly done: number;
  readonly empty: number;
  readonly running: number;
  readonly pending: number;
  readonly failed: number;
  readonly stored: number;
}

/** What the ledger has, by dataset and symbol; and the reasons of what failed. */
export async function statusText(storage: Pick<Storage, 'query'>): Promise<string> {
  const state = (name: string): string => `countIf(state = '${name}') AS ${name}`;
  const rows = await storage.query<Row>(`
    SELECT dataset, symbol, toString(toDate(min(from_time))) AS from,
      toString(toDate(max(to_time) - toIntervalMicrosecond(1))) AS to,
      ${['done', 'empty', 'running', 'pending', 'failed'].map(state).join(', ')}, sum(rows) AS stored
    FROM backfill_task GROUP BY dataset, symbol ORDER BY dataset, symbol`);
  if (rows.length === 0) return 'nothing has been back-filled yet';
  const reasons = await storage.query<{ reason: string; times: number }>(`
    SELECT reason, count() AS times FROM backfill_task WHERE state = 'failed'
    GROUP BY reason ORDER BY times DESC LIMIT 5`);
  const head = [
    'dataset',
    'symbol',
    'first day',
    'last day',
    'done',
    'empty',
    'running',
    'pending',
    'failed',
    'rows',
  ];
  const body = rows.map((row) => [
    ...[row.dataset, row.symbol, row.from, row.to],
    ...[row.done, row.empty, row.running, row.pending, row.failed, row.stored],
  ]);
  const failed = reasons.map(({ reason, times }) => `${countText(times, 'time')} failed: ${reason}`);
  return [tableOf(head, body, 4), ...failed].join('\n');
}
