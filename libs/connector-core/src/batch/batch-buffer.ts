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

/** So many full batches may wait for the consumer before the sockets are paused … */
const MOST_PENDING = 4;
/** … and they are read again when no more than this many wait. */
const FEW_PENDING = 2;
/** A quarantined frame may be megabytes: so many bytes of them are a full batch too. */
const QUARANTINE_BYTES = 8 * 1024 * 1024;

/**
 * Events in, batches out. Memory is bounded: a batch is sealed when it is full, or when its time is up and the
 * consumer has nothing else to take; past four full ones the sockets are paused, and what they had already read
 * still finds a place.
 */
export class BatchBuffer {
  readonly #ticks: TickColumnWriter;
  readonly #depths: DepthColumnWriter;
  #bars: OHLCV[] = [];
  #gaps: Gap[] = [];
  /** Gaps that were filled in part or as a whole, and what is left of them. */
  #repairs: Gap[] = [];
  #quarantine: QuarantinedFrame[] = [];
  #quarantineBytes = 0;
  #rows = 0;
  #flushTimer: NodeJS.Timeout | undefined;
  #isDue = false;
  /** Sealed together, taken one by one; none of them is empty. */
  readonly #pending: Batch[][] = [];
  #isPressed = false;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(
    private readonly sources: readonly Source[],
    private readonly options: BatchBufferOptions,
  ) {
    this.#ticks = new TickColumnWriter(options.bufferSize);
    this.#depths = new DepthColumnWriter(options.bufferSize);
  }

  /** Rows that are in no batch yet, and rows in batches that wait for the consumer. */
  get rows(): number {
    return this.#rows + this.#pending.flat().reduce((sum, batch) => sum + batch.length, 0);
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

  /** @param isRepair it takes the place of an earlier one, because events of that have come after all. */
  gap(gap: Gap, isRepair = false): void {
    (isRepair ? this.#repairs : this.#gaps).push(gap);
    this.#count();
  }

  quarantine(frame: QuarantinedFrame): void {
    this.#quarantine.push(frame);
    this.#quarantineBytes += frame.frame.length;
    this.#count();
    if (this.#quarantineBytes >= QUARANTINE_BYTES) this.#seal();
  }

  /** Seals the rest; the consumer gets it and then the end. */
  close(): void {
    this.#seal();
    this.#isClosed = true;
    this.#wake();
  }

  /** Batches in the order they were sealed, until the buffer is closed and empty. */
  async *batches(): AsyncGenerator<Batch, void, undefined> {
    for (;;) {
      const batch = this.#take();
      if (batch !== undefined) yield batch;
      else if (this.#isClosed) return;
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #take(): Batch | undefined {
    if (this.#pending.length === 0 && this.#isDue) this.#seal();
    const batch = this.#pending[0]?.shift();
    if (this.#pending[0]?.length === 0) this.#pending.shift();
    this.#press();
    return batch;
  }

  #count(): void {
    if (++this.#rows >= this.options.bufferSize) this.#seal();
    else this.#flushTimer ??= setTimeout(() => this.#flush(), this.options.flushIntervalMs);
  }

  /** A consumer that is behind finds a fuller batch later. */
  #flush(): void {
    if (this.#pending.length === 0) this.#seal();
    else this.#isDue = true;
  }

  #seal(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#isDue = false;
    if (this.#rows === 0) return;
    this.#pending.push(this.#takeRows());
    this.#rows = 0;
    this.#press();
    this.#wake();
  }

  /**
   * What is missing goes before the events behind it, and what is there after all goes behind its events: wherever a
   * consumer is killed, nothing is neither recorded nor in a gap.
   */
  #takeRows(): Batch[] {
    const sources = this.sources.slice();
    const [bars, gaps, repairs, frames] = [this.#bars, this.#gaps, this.#repairs, this.#quarantine];
    const batches: Batch[] = [];
    if (gaps.length > 0) batches.push({ type: 'gap', length: gaps.length, rows: gaps });
    if (this.#ticks.length > 0) batches.push(this.#ticks.take(sources));
    if (this.#depths.length > 0) batches.push(this.#depths.take(sources));
    if (bars.length > 0) batches.push({ type: 'bar', length: bars.length, rows: bars });
    if (repairs.length > 0) batches.push({ type: 'gap', length: repairs.length, rows: repairs });
    if (frames.length > 0) batches.push({ type: 'quarantine', length: frames.length, rows: frames });
    this.#bars = [];
    this.#gaps = [];
    this.#repairs = [];
    this.#quarantine = [];
    this.#quarantineBytes = 0;
    return batches;
  }

  #press(): void {
    const isPressed = this.#pending.length > (this.#isPressed ? FEW_PENDING : MOST_PENDING);
    if (isPressed === this.#isPressed) return;
    this.#isPressed = isPressed;
    this.options.onPressure(isPressed);
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
