import Table from 'cli-table3';
import type { Sample } from './probe.js';
import type { SoakResult } from './soak.js';
import { trend } from './trend.js';

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);

const COLUMNS: readonly (readonly [head: string, width: number, text: (sample: Sample) => string])[] = [
  ['minute', 7, ({ seconds }) => (seconds / 60).toFixed(1)],
  ['events/s', 9, ({ eventsPerSecond }) => number.format(eventsPerSecond)],
  ['memory MB', 10, ({ memoryBytes }) => mb(memoryBytes)],
  ['heap MB', 8, ({ heapBytes }) => mb(heapBytes)],
  ['handles', 8, ({ handles }) => String(handles)],
  ['files', 6, ({ files }) => String(files)],
  ['latency ms', 11, ({ latencyMs }) => latencyMs.toFixed(1)],
  ['loop p99 ms', 12, ({ eventLoopMs }) => eventLoopMs.toFixed(0)],
  ['spool s', 8, ({ spoolSeconds }) => spoolSeconds.toFixed(1)],
  ['reconnects', 11, ({ reconnects }) => String(reconnects)],
  ['under way', 10, ({ missing }) => number.format(missing)],
];

/** Names of the columns of {@link sampleLine}. */
export function sampleHead(): string {
  return COLUMNS.map(([head, width]) => head.padStart(width)).join('');
}

/** A sample in one line. */
export function sampleLine(sample: Sample): string {
  return COLUMNS.map(([, width, text]) => text(sample).padStart(width)).join('');
}

/** What came of a soak. The first fifth, in which everything finds its size, is left out of the slopes. */
export function reportOf({ samples, balance, cuts, exitCode }: SoakResult): string {
  const settled = samples.slice(Math.floor(samples.length / 5));
  const slope = (of: (sample: Sample) => number): number =>
    trend(settled.map((sample) => [sample.seconds / 60, of(sample)] as const));
  const table = new Table({
    head: ['venue', 'symbol', 'stream', 'sent', 'stored', 'gaps', 'lost', 'doubled'],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const { venue, venueSymbol, stream, ...counts } of balance)
    table.push([venue, venueSymbol, stream, ...Object.values(counts).map((count) => number.format(count))]);
  const sum = (of: (row: (typeof balance)[number]) => number): number =>
    balance.reduce((total, row) => total + of(row), 0);
  const range = (of: (sample: Sample) => number): string =>
    `${Math.min(...settled.map(of))} to ${Math.max(...settled.map(of))}`;
  const memory = settled.map(({ memoryBytes }) => memoryBytes);
  const [sent, stored] = [sum((row) => row.sent), sum((row) => row.stored)];
  return [
    table.toString(),
    `${number.format(sent)} events sent, ${number.format(stored)} stored, ${number.format(sum(({ lost }) => lost))} lost, ${number.format(sum(({ doubled }) => doubled))} doubled; ${cuts} connections cut`,
    `not stored and in a gap (on their way when a connection was cut): ${number.format(Math.max(0, sent - stored))}`,
    `memory ${mb(Math.min(...memory))} to ${mb(Math.max(...memory))} MB, slope ${(slope(({ memoryBytes }) => memoryBytes) / 1e6).toFixed(3)} MB a minute; heap slope ${(slope(({ heapBytes }) => heapBytes) / 1e6).toFixed(3)} MB a minute`,
    `handles ${range(({ handles }) => handles)}, slope ${slope(({ handles }) => handles).toFixed(3)} a minute; files ${range(({ files }) => files)}`,
    `the ingestor ended with ${String(exitCode)}`,
  ].join('\n');
}
