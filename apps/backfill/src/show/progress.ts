import { redacted } from '@autotrader/runtime';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Tally } from '../run/tally.js';
import { durationText, numberText } from './text.js';

const LINE_EVERY_MS = 10_000;

/** What is shown of a run while it goes on. */
export interface Progress {
  /** There is something new. */
  update(tallies: readonly Tally[]): void;
  /** A line beside it. */
  say(line: string): void;
  stop(): void;
}

/** On a terminal a bar for each symbol; elsewhere a line every ten seconds. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? new Bars(stream) : new Lines(stream);
}

class Bars implements Progress {
  readonly #bars = new Map<Tally, SingleBar>();
  readonly #multi: MultiBar;
  readonly #startedAt = performance.now();

  constructor(stream: NodeJS.WriteStream) {
    const format =
      ' {name} [{bar}] {percentage}% | {rows} rows, {rate}/s | {requests} requests left | {left} to go';
    this.#multi = new MultiBar(
      { format, stream, clearOnComplete: false, hideCursor: true },
      Presets.shades_grey,
    );
  }

  update(tallies: readonly Tally[]): void {
    const width = Math.max(...tallies.map(({ instrument }) => instrument.symbol.length));
    for (const tally of tallies) {
      const bar =
        this.#bars.get(tally) ?? this.#multi.create(Math.max(1, tally.total), 0, this.#about(tally, width));
      this.#bars.set(tally, bar);
      bar.update(tally.total === 0 ? 1 : tally.finished, this.#about(tally, width));
    }
  }

  say(line: string): void {
    const text = `${redacted(line)}\n`;
    if (this.#bars.size === 0) process.stderr.write(text);
    else this.#multi.log(text);
  }

  stop(): void {
    this.#multi.stop();
  }

  #about(tally: Tally, width: number): object {
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    return {
      name: tally.instrument.symbol.padEnd(width),
      rows: numberText(tally.rows),
      rate: numberText(Math.round(tally.rows / Math.max(1, seconds))),
      requests: numberText(Math.max(0, tally.requests - tally.requested)),
      left: timeLeft([tally], seconds),
    };
  }
}

class Lines implements Progress {
  #tallies: readonly Tally[] = [];
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.#timer = setInterval(() => this.#print(), LINE_EVERY_MS);
  }

  update(tallies: readonly Tally[]): void {
    this.#tallies = tallies;
  }

  say(line: string): void {
    this.stream.write(`${redacted(line)}\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #print(): void {
    if (this.#tallies.length === 0) return;
    this.say(progressLine(this.#tallies, (performance.now() - this.#startedAt) / 1_000));
  }
}

/** How far all of it is, in one line. */
export function progressLine(tallies: readonly Tally[], seconds: number): string {
  const sum = (value: (tally: Tally) => number): number =>
    tallies.reduce((total, tally) => total + value(tally), 0);
  const [finished, total, rows] = [
    sum((each) => each.finished),
    sum((each) => each.total),
    sum((each) => each.rows),
  ];
  const requests = sum((each) => Math.max(0, each.requests - each.requested));
  const failed = sum((each) => each.failed);
  const percent = total === 0 ? 100 : Math.floor((100 * finished) / total);
  return [
    `${percent} %: ${numberText(finished)} of ${numberText(total)} times`,
    `${numberText(rows)} rows, ${numberText(Math.round(rows / Math.max(1, seconds)))}/s`,
    `${numberText(requests)} requests left`,
    ...(failed > 0 ? [`${numberText(failed)} failed`] : []),
    `${timeLeft(tallies, seconds)} to go`,
  ].join(', ');
}

function timeLeft(tallies: readonly Tally[], seconds: number): string {
  const finished = tallies.reduce((sum, tally) => sum + tally.finished, 0);
  const total = tallies.reduce((sum, tally) => sum + tally.total, 0);
  if (total <= finished) return '0 s';
  return finished === 0 ? 'some time' : durationText((seconds / finished) * (total - finished));
}
