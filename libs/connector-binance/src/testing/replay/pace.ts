import type { Micros } from '@autotrader/schemas';

/** When a frame may leave: called once for each in order, answers in milliseconds of `performance.now()`. */
export type Pace = (receivedAt: Micros) => number;

/** How fast a recording is played. */
export interface PaceOptions {
  /** `max`: as fast as the receivers take it; 1: as it was recorded; 2: twice as fast. `max` by default. */
  readonly speed?: 'max' | number;
  /** An even rate instead of the recorded times; takes the place of `speed`. */
  readonly messagesPerSecond?: number;
}

/** @throws RangeError when a speed or rate is not above 0. */
export function paceOf({ speed = 'max', messagesPerSecond }: PaceOptions, start: number): Pace {
  const factor = messagesPerSecond ?? speed;
  if (factor !== 'max' && !(factor > 0))
    throw new RangeError(`a speed must be above 0 or 'max', not ${factor}`);
  if (messagesPerSecond !== undefined) return evenPace(messagesPerSecond, start);
  return speed === 'max' ? () => 0 : recordedPace(speed, start);
}

function evenPace(messagesPerSecond: number, start: number): Pace {
  let count = 0;
  return () => {
    const due = start + (count * 1000) / messagesPerSecond;
    count += 1;
    return due;
  };
}

function recordedPace(speed: number, start: number): Pace {
  let first: Micros | undefined;
  return (receivedAt) => {
    first ??= receivedAt;
    return start + (receivedAt - first) / 1000 / speed;
  };
}
