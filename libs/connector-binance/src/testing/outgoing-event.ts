import type { TimeUnit } from './time-unit.js';

/** One payload on its way to the subscribers of a stream. */
export interface OutgoingEvent {
  /** `btcusdt@trade` */
  readonly stream: string;
  /** The venue's id of it (see {@link SentLedger}); undefined when it has none. */
  readonly id: number | undefined;
  /** The message as a connection wants it: in the combined wrapper or bare, in its time unit. */
  text(isCombined: boolean, unit: TimeUnit): string;
}

/** Where events go: to whoever has subscribed, past the faults, into the ledger. */
export interface EventSink {
  publish(event: OutgoingEvent): void;
  /** Whether anyone has subscribed to a stream: what costs much to write need not be written for nobody. */
  isWanted(stream: string): boolean;
  /** Lets everything published so far leave the process. */
  flush(): void;
}

/** An event that is written when somebody wants it, once per shape. */
export class EncodedEvent implements OutgoingEvent {
  readonly #written = new Map<string, string>();

  constructor(
    readonly stream: string,
    readonly id: number | undefined,
    private readonly encode: (unit: TimeUnit) => string,
  ) {}

  text(isCombined: boolean, unit: TimeUnit): string {
    const shape = isCombined ? `combined ${unit}` : unit;
    const known = this.#written.get(shape);
    if (known !== undefined) return known;
    const text = isCombined ? wrap(this.stream, this.text(false, unit)) : this.encode(unit);
    this.#written.set(shape, text);
    return text;
  }
}

/** The combined wrapper, byte for byte as the venue writes it. */
export function wrap(stream: string, payload: string): string {
  return `{"stream":"${stream}","data":${payload}}`;
}
