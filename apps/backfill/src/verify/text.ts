import { tableOf } from '../show/tables.js';
import { countText, numberText } from '../show/text.js';
import type { Verified } from './verify.js';

/** What was found: symbol by symbol, hole by hole, and, if wanted, day by day. */
export function verifiedText(all: readonly Verified[], withDays: boolean): string {
  const summary = all.map(({ instrument, days, holes, open, rows }) => [
    ...[instrument.symbol, days.filter(({ isComplete }) => isComplete).length, days.length],
    ...[holes.length, open, rows],
  ]);
  const holes = all.flatMap(({ instrument, holes: found }) =>
    found.map(({ from, to, why }) => [instrument.symbol, timeText(from), timeText(to), why]),
  );
  const days = all.flatMap(({ instrument, days: each }) =>
    each.map(({ from, fetched, stored, isComplete }) => [
      ...[instrument.symbol, timeText(from).slice(0, 10), fetched === undefined ? '-' : numberText(fetched)],
      ...[numberText(stored), isComplete ? 'complete' : 'NOT COMPLETE'],
    ]),
  );
  return [
    ...(withDays ? [tableOf(['symbol', 'day', 'fetched', 'stored', ''], days, 2)] : []),
    tableOf(['symbol', 'complete days', 'of', 'holes', 'not over', 'rows'], summary),
    ...(holes.length > 0 ? [tableOf(['symbol', 'missing from', 'to', 'why'], holes, 4)] : []),
    holes.length === 0
      ? 'nothing is missing'
      : `${countText(holes.length, 'hole')}: verify --repair fetches them again`,
  ].join('\n');
}

function timeText(micros: number): string {
  return new Date(micros / 1_000).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}
