import type { ConnectorSnapshot, LatencyHistogram, MarketDataConnector } from '@autotrader/connector-core';
import type { Store } from '../record/store.js';
import { quantileBetween } from './quantile.js';

/** How a venue stands, as the page shows it. */
export interface ConnectorView {
  readonly venue: string;
  /** `paused`: the storage is behind · `silent`: connected, and a stream is silent for too long. */
  readonly state: 'live' | 'silent' | 'paused' | 'away';
  /** Why it is away; empty when it is not. */
  readonly reason: string;
  readonly streams: number;
  readonly liveStreams: number;
  readonly silentStreams: number;
  readonly eventsPerSecond: number;
  /** From the venue's time to our receipt, of the last ten seconds; `null` when nothing came. */
  readonly latencyMs: { readonly median: number; readonly p99: number } | null;
  readonly events: number;
  /** Holes that were found, and of these the ones that are open still. */
  readonly gaps: number;
  readonly openGaps: number;
  readonly reconnects: number;
  readonly quarantined: number;
}

/** How the storage stands; `null` while ClickHouse is not there yet. */
export interface StorageView {
  /** Why nothing is being stored; empty while it is. */
  readonly problem: string;
  readonly stored: number;
  readonly lagMs: number;
  readonly spoolBytes: number;
  readonly spoolLimitBytes: number;
}

/** What the page shows of the recorder. */
export interface PageState {
  /** Our clock, milliseconds since the epoch. */
  readonly at: number;
  readonly startedAt: number;
  readonly connectors: readonly ConnectorView[];
  readonly storage: StorageView | null;
}

/** A moment that rates are taken since. */
interface Mark {
  readonly at: number;
  readonly events: number;
  readonly latency: LatencyHistogram;
}

/** Rates and latencies are of the last so many looks, which are a second apart. */
const LOOKS = 10;

/** Reads how everything stands, with rates since it was last looked at. */
export class LiveState {
  readonly #startedAt = Date.now();
  readonly #marks = new Map<string, Mark[]>();
  readonly #reasons = new Map<string, string>();

  constructor(
    private readonly connectors: ReadonlyMap<string, MarketDataConnector>,
    private readonly store: () => Pick<Store, 'problem' | 'totals'> | undefined,
    private readonly now: () => number = Date.now,
  ) {
    for (const [venue, connector] of connectors)
      connector.on('status', (status) => {
        if (status.type === 'reconnecting' || status.type === 'interrupted')
          this.#reasons.set(venue, status.reason);
      });
  }

  /** Looks again; about once a second. */
  look(): PageState {
    const connectors = [...this.connectors].map(([venue, connector]) =>
      this.#view(venue, connector.snapshot()),
    );
    return { at: this.now(), startedAt: this.#startedAt, connectors, storage: this.#storage() };
  }

  #view(venue: string, snapshot: ConnectorSnapshot): ConnectorView {
    const { streams, left, latency, reconnects, quarantined } = snapshot;
    const sum = (count: (one: (typeof left)[number]) => number): number =>
      [...streams, ...left].reduce((total, one) => total + count(one), 0);
    const events = sum((one) => one.events);
    const gaps = sum((one) => one.gaps);
    const mark = this.#mark(venue, { at: this.now(), events, latency });
    const seconds = mark === undefined ? 0 : (this.now() - mark.at) / 1000;
    const median = quantileBetween(0.5, latency, mark?.latency);
    const p99 = quantileBetween(0.99, latency, mark?.latency);
    const state = stateOf(snapshot);
    return {
      ...{ venue, state, events, gaps, reconnects, quarantined },
      reason: state === 'away' ? (this.#reasons.get(venue) ?? 'connecting') : '',
      streams: streams.length,
      liveStreams: streams.filter((stream) => stream.state === 'live').length,
      silentStreams: streams.filter(({ isStale }) => isStale).length,
      eventsPerSecond: mark === undefined || seconds <= 0 ? 0 : (events - mark.events) / seconds,
      latencyMs:
        median === undefined || p99 === undefined ? null : { median: median * 1000, p99: p99 * 1000 },
      openGaps: gaps - sum((one) => one.healed),
    };
  }

  /** Keeps this moment. @returns the oldest one that is kept, `undefined` at first. */
  #mark(venue: string, mark: Mark): Mark | undefined {
    const marks = this.#marks.get(venue) ?? [];
    this.#marks.set(venue, marks);
    const oldest = marks[0];
    marks.push(mark);
    if (marks.length > LOOKS) marks.shift();
    return oldest;
  }

  #storage(): StorageView | null {
    const store = this.store();
    if (store === undefined) return null;
    const { stored, lagMs, spoolBytes, spoolLimitBytes } = store.totals;
    return { problem: store.problem ?? '', stored, lagMs, spoolBytes, spoolLimitBytes };
  }
}

function stateOf({ isLive, isPaused, streams }: ConnectorSnapshot): ConnectorView['state'] {
  if (!isLive) return 'away';
  if (isPaused) return 'paused';
  return streams.some(({ isStale }) => isStale) ? 'silent' : 'live';
}
