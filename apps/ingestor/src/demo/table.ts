import Table from 'cli-table3';
import { agrees, type LedgerRow } from '../reconcile/ledger.js';
import { latencyKey, type Latencies } from './latency.js';

const number = new Intl.NumberFormat('en-US');

/** What the demo prints at its end: what was sent, what is stored, and how long an event took to our callback. */
export function demoTable(rows: readonly LedgerRow[], latencies: Latencies): string {
  if (rows.length === 0) return 'nothing was sent';
  const table = new Table({
    head: ['venue', 'symbol', 'stream', 'sent', 'stored', 'p50 ms', 'p99 ms'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { venue, venueSymbol, stream, sent, stored } of rows) {
    const latency = (percent: number): string =>
      latencies.percentile(latencyKey({ venue, venueSymbol, stream }), percent)?.toFixed(2) ?? '-';
    table.push([
      venue,
      venueSymbol,
      stream,
      number.format(sent),
      number.format(stored),
      latency(50),
      latency(99),
    ]);
  }
  const verdict = agrees(rows)
    ? 'everything that was sent is stored, once'
    : 'NOT EVERYTHING that was sent is stored: see the rows where the two differ';
  return `${table.toString()}\n${verdict}; latency is from the venue's send to our callback`;
}
