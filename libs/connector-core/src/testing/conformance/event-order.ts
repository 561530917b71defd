import assert from 'node:assert/strict';
import type { Depth, OHLCV, Tick } from '@autotrader/schemas';
import type { Trial } from './trial.js';

type StreamEvent = Tick | Depth | OHLCV;

/** Holds that these are `count` events, none missing, none twice, in order, as far as the stream can tell. */
export function assertComplete(trial: Trial, events: readonly StreamEvent[], count: number): void {
  assert.equal(events.length, count, 'events that came');
  events.forEach((event, index) => {
    const before = events[index - 1];
    if (before !== undefined) assertFollows(trial, before, event);
  });
}

function assertFollows({ venue }: Trial, before: StreamEvent, event: StreamEvent): void {
  if (venue.sequence === 'none') assert.ok(event.timestamp >= before.timestamp, 'times go on');
  else if (venue.sequence === 'time') assert.ok(event.timestamp > before.timestamp, 'times grow');
  else if (venue.sequence === 'increasing') assert.ok(lastId(event) > lastId(before), 'ids grow');
  else assert.equal(firstId(event), lastId(before) + 1, 'ids follow one another');
}

/** First id that an event covers; `NaN` without one. */
export function firstId(event: StreamEvent): number {
  return ('firstSequenceId' in event ? event.firstSequenceId : undefined) ?? lastId(event);
}

/** Last id that an event covers; `NaN` without one. */
export function lastId(event: StreamEvent): number {
  return event.sequenceId ?? NaN;
}
