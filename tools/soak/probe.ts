import type { SimulatedVenue } from '@autotrader/ingestor/demo';

/** How the ingestor stood at a moment. */
export interface Sample {
  /** Since the first sample, seconds. */
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly heapBytes: number;
  /** Sockets, timers and the like that keep the event loop busy, as Node counts them. */
  readonly handles: number;
  readonly files: number;
  /** Taken in since the sample before, a second. */
  readonly eventsPerSecond: number;
  /** The mean from a venue's time to the receipt since the sample before; of venues that send fractions of a second. */
  readonly latencyMs: number;
  /** How long the oldest batch has waited for ClickHouse. */
  readonly spoolSeconds: number;
  readonly eventLoopMs: number;
  readonly reconnects: number;
  /** Events that were sent so far and that were not taken in: on their way, or cut off with a connection. */
  readonly missing: number;
  /** Events that were taken in so far. */
  readonly taken: number;
}

/** Venues whose times are whole seconds tell nothing of latency. */
const WHOLE_SECONDS = 'IBKR';

/** Reads how the ingestor stands from its own metrics. */
export class Probe {
  #startedAt = NaN;
  #before = { at: 0, taken: 0, latencySum: 0, latencyCount: 0 };

  constructor(
    private readonly url: string,
    private readonly venues: readonly SimulatedVenue[],
  ) {}

  async take(): Promise<Sample> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const sent = this.#sent();
    const at = performance.now();
    const sum = (name: string, where = ''): number => sumOf(text, name, where);
    const taken = sum('ingestion_ticks_total') - sum('ingestion_ticks_total', 'stream="bar"');
    const fractions = (name: string): number => sum(name) - sum(name, WHOLE_SECONDS);
    const latencySum = fractions('ingestion_latency_seconds_sum');
    const latencyCount = fractions('ingestion_latency_seconds_count');
    const { before, seconds } = this.#since(at);
    const isFirst = before.at === 0;
    this.#before = { at, taken, latencySum, latencyCount };
    return {
      seconds,
      memoryBytes: sum('process_resident_memory_bytes'),
      heapBytes: sum('nodejs_heap_size_used_bytes'),
      handles: sum('nodejs_active_resources'),
      files: sum('process_open_fds'),
      eventsPerSecond: isFirst ? 0 : ((taken - before.taken) * 1000) / (at - before.at),
      latencyMs: (1000 * (latencySum - before.latencySum)) / Math.max(1, latencyCount - before.latencyCount),
      spoolSeconds: sum('spool_oldest_batch_seconds'),
      eventLoopMs: 1000 * sum('nodejs_eventloop_lag_p99_seconds'),
      reconnects: sum('websocket_reconnects_total'),
      missing: Math.max(0, sent - taken),
      taken,
    };
  }

  #since(at: number): {
    before: { at: number; taken: number; latencySum: number; latencyCount: number };
    seconds: number;
  } {
    if (Number.isNaN(this.#startedAt)) this.#startedAt = at;
    return { before: this.#before, seconds: (at - this.#startedAt) / 1000 };
  }

  #sent(): number {
    return this.venues.flatMap(({ sent }) => sent.counts()).reduce((total, { events }) => total + events, 0);
  }
}

/** The sum of all samples of a metric whose labels have this in them. */
export function sumOf(text: string, name: string, where = ''): number {
  let total = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${name}{`) && !line.startsWith(`${name} `)) continue;
    if (line.includes(where)) total += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return total;
}
