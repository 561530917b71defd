import { cell, timeOfDay } from './text.js';

/** Shows the last ticks, newest first. */
export function showTicks(ticks) {
  const rows = ticks.toReversed().map((tick) => {
    const row = document.createElement('tr');
    row.append(
      cell(timeOfDay(tick.timestamp)),
      cell(tick.venue),
      cell(tick.symbol),
      cell(tick.kind),
      cell(tick.kind === 'quote' ? `${tick.bid ?? '–'} / ${tick.ask ?? '–'}` : String(tick.price), 'number'),
      cell(tick.kind === 'quote' ? '' : String(tick.size), 'number'),
      cell(tick.side === 'UNKNOWN' ? '' : tick.side.toLowerCase(), tick.side),
    );
    return row;
  });
  document.querySelector('#ticks tbody').replaceChildren(...rows);
}
