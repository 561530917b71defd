import type { Depth, Gap, OHLCV, Tick } from '@autotrader/schemas';
import type { QuarantinedFrame } from '../quarantine.js';
import type { Source } from '../source.js';
import type { Batch } from './batch.js';
import { DepthColumnWriter } from './depth-columns.js';
import { TickColumnWriter } from './tick-columns.js';

/** When a batch is full and how much may wait. */
export interface BatchBufferOptions {
  /** Rows that make a batch. */
  readonly bufferSize: number;
  /** A row waits no longer than this for its batch to fill, in milliseconds. */
  readonly flushIntervalMs: number;
  /** Called with `true` when the consumer is behind and nothing more should be read, with `false` when it is not. */
  readonly onPressure: (isPressed: boolean) => void;
}

/** Sealed batches that may wait for the consumer before the sockets are paused. */
const MOST_PENDING = 4;
/** A quarantined frame may be megabytes: so many bytes of them make a batch too. */
const QUARANTINE_BYTES = 8 * 1024 * 1024;

/**
 * Events in, batches out. Memory is bounded: past four sealed batches the sockets are paused, and what they
 * had already read still finds a place.
 */
export class BatchBuffer {
  readonly #ticks: TickColumnWriter;
  readonly #depths: DepthColumnWriter;
  #bars: OHLCV[] = [];
  #gaps: Gap[] = [];
  #quarantine: QuarantinedFrame[] = [];
  #quarantineBytes = 0;
  #rows = 0;
  #flushTimer: NodeJS.Timeout | undefined;
  readonly #pending: Batch[] = [];
  #isPressed = false;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(
    private readonly sources: readonly Source[],
    private readonly options: BatchBufferOptions,
  ) {
    this.#ticks = new TickColumnWriter(options.bufferSize);
    this.#depths = new DepthColumnWriter(options.bufferSize);
  }

  /** Rows that are in no batch yet, and rows in batches that wait for the consumer. */
  get rows(): number {
    return this.#rows + this.#pending.reduce((sum, batch) => sum + batch.length, 0);
  }

  tick(source: number, tick: Tick): void {
    this.#ticks.append(source, tick);
    this.#count();
  }

  depth(source: number, depth: Depth): void {
    this.#depths.append(source, depth);
    this.#count();
  }

  bar(bar: OHLCV): void {
    this.#bars.push(bar);
    this.#count();
  }

  gap(gap: Gap): void {
    this.#gaps.push(gap);
    this.#count();
  }

  quarantine(frame: QuarantinedFrame): void {
    this.#quarantine.push(frame);
    this.#quarantineBytes += frame.frame.length;
    this.#count();
    if (this.#quarantineBytes >= QUARANTINE_BYTES) this.flush();
  }

  /** Seals what has come in so far. */
  flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    if (this.#rows === 0) return;
    const sources = this.sources.slice();
    if (this.#ticks.length > 0) this.#pending.push(this.#ticks.take(sources));
    if (this.#depths.length > 0) this.#pending.push(this.#depths.take(sources));
    if (this.#bars.length > 0)
      this.#pending.push({ type: 'bar', length: this.#bars.length, rows: this.#bars });
    if (this.#gaps.length > 0)
      this.#pending.push({ type: 'gap', length: this.#gaps.length, rows: this.#gaps });
    if (this.#quarantine.length > 0) {
      this.#pending.push({ type: 'quarantine', length: this.#quarantine.length, rows: this.#quarantine });
    }
    this.#bars = [];
    this.#gaps = [];
    this.#quarantine = [];
    this.#quarantineBytes = 0;
    this.#rows = 0;
    this.#press();
    this.#wake?.();
  }

  /** Seals the rest; the consumer gets it and then the end. */
  close(): void {
    this.flush();
    this.#isClosed = true;
    this.#wake?.();
  }

  /** Batches in the order they were sealed, until the buffer is closed and empty. For one consumer. */
  async *batches(): AsyncGenerator<Batch, void, undefined> {
    for (;;) {
      const batch = this.#pending.shift();
      if (batch !== undefined) {
        this.#press();
        yield batch;
      } else if (this.#isClosed) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#wake = undefined;
      }
    }
  }

  #count(): void {
    if (++this.#rows >= this.options.bufferSize) this.flush();
    else this.#flushTimer ??= setTimeout(() => this.flush(), this.options.flushIntervalMs);
  }

  #press(): void {
    const isPressed = this.#pending.length > MOST_PENDING;
    if (isPressed === this.#isPressed) return;
    this.#isPressed = isPressed;
    this.options.onPressure(isPressed);
  }
}
