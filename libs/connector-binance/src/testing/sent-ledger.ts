import type { SentCount, SentTruth } from '@autotrader/connector-core/testing';
import type { Depth, Micros, OHLCV, Tick } from '@autotrader/schemas';
import { streamOfWire, wireName } from '../streams.js';
import { SentTimes } from './sent-times.js';

/** What went out on one stream to at least one subscriber. */
export interface SentOnStream {
  /** `btcusdt@trade` */
  readonly stream: string;
  /** Distinct events: by trade `t`, aggTrade `a`, bookTicker and depth `u`, partial depth `lastUpdateId`, kline open time. */
  readonly events: number;
  /** Messages, an event that was sent twice (or a bar that was updated) counting each time, however many listened. */
  readonly frames: number;
  /** Lowest id; undefined when nothing with an id was sent. */
  readonly firstId: number | undefined;
  /** Greatest id. */
  readonly lastId: number | undefined;
}

/** The truth to hold a recorder against. */
export interface SentLedger extends SentTruth {
  /** Every stream on which something was sent, by name. */
  all(): SentOnStream[];
  /** One stream, all zero when nothing was sent on it. */
  of(stream: string): SentOnStream;
  /** When an event left, in microseconds by the simulator's clock; undefined beyond the latest 65,536 of a stream. */
  leftAt(stream: string, id: number): Micros | undefined;
  /** Ids that were withheld on purpose (`faults.skipIds`), in order. */
  skipped(stream: string): readonly number[];
  /** Begins to count anew. */
  reset(): void;
}

interface StreamAccount {
  events: number;
  frames: number;
  firstId: number | undefined;
  lastId: number | undefined;
  readonly times: SentTimes;
  readonly skipped: number[];
}

/** Keeps the ledger, at about a tenth of a microsecond an event. */
export class SentBook implements SentLedger {
  readonly #accounts = new Map<string, StreamAccount>();

  record(stream: string, id: number | undefined, time: Micros): void {
    const account = this.#account(stream);
    account.frames += 1;
    if (id !== undefined && !account.times.add(id, time)) return;
    account.events += 1;
    if (id === undefined) return;
    account.firstId = Math.min(account.firstId ?? id, id);
    account.lastId = Math.max(account.lastId ?? id, id);
  }

  recordSkipped(stream: string, id: number | undefined): void {
    if (id !== undefined) this.#account(stream).skipped.push(id);
  }

  all(): SentOnStream[] {
    return [...this.#accounts.keys()]
      .filter((stream) => this.of(stream).frames > 0)
      .sort()
      .map((stream) => this.of(stream));
  }

  of(stream: string): SentOnStream {
    const { events = 0, frames = 0, firstId, lastId } = this.#accounts.get(stream) ?? {};
    return { stream, events, frames, firstId, lastId };
  }

  leftAt(stream: string, id: number): Micros | undefined {
    return this.#accounts.get(stream)?.times.timeOf(id);
  }

  counts(): SentCount[] {
    return this.all().map(({ stream, events, frames }) => ({ ...partsOf(stream), events, frames }));
  }

  sentAt({ venueSymbol, stream, sequenceId = 0 }: Tick | Depth | OHLCV): Micros | undefined {
    return this.leftAt(wireName(venueSymbol, stream), sequenceId);
  }

  skipped(stream: string): readonly number[] {
    return [...(this.#accounts.get(stream)?.skipped ?? [])];
  }

  reset(): void {
    this.#accounts.clear();
  }

  #account(stream: string): StreamAccount {
    const known = this.#accounts.get(stream);
    if (known !== undefined) return known;
    const times = new SentTimes();
    const account = { events: 0, frames: 0, firstId: undefined, lastId: undefined, times, skipped: [] };
    this.#accounts.set(stream, account);
    return account;
  }
}

/** `btcusdt@depth20@100ms` is `depth20` of `BTCUSDT`. */
function partsOf(wire: string): { venueSymbol: string; stream: string } {
  const at = wire.indexOf('@');
  const suffix = wire.slice(at + 1);
  return { venueSymbol: wire.slice(0, at).toUpperCase(), stream: streamOfWire(suffix) ?? suffix };
}
