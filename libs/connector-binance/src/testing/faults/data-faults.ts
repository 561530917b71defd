import type { OutgoingEvent } from '../outgoing-event.js';

/** What becomes of an event: how it is sent, and what is written down when it is not. */
export interface EventFate {
  deliver(event: OutgoingEvent): void;
  skip(event: OutgoingEvent): void;
}

/** Faults of the data itself: silence, missing, repeated and reordered events. */
export class DataFaults {
  #isAllSilent = false;
  readonly #silentStreams = new Set<string>();
  readonly #toSkip = new Map<string, number>();
  #toDuplicate = 0;
  #isReordering = false;
  readonly #heldBack = new Map<string, OutgoingEvent>();
  #isIdle = true;

  /** True when events may pass unseen. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  silence(isOn: boolean, streams: readonly string[]): void {
    if (streams.length === 0) this.#isAllSilent = isOn;
    if (streams.length === 0 && !isOn) this.#silentStreams.clear();
    for (const stream of streams)
      if (isOn) this.#silentStreams.add(stream);
      else this.#silentStreams.delete(stream);
    this.#settle();
  }

  skip(stream: string, count: number): void {
    this.#toSkip.set(stream, (this.#toSkip.get(stream) ?? 0) + count);
    this.#settle();
  }

  duplicateNext(count: number): void {
    this.#toDuplicate += count;
    this.#settle();
  }

  reorderNext(): void {
    this.#isReordering = true;
    this.#settle();
  }

  pass(event: OutgoingEvent, fate: EventFate): void {
    if (this.#isSilent(event)) return;
    if (this.#takeSkip(event.stream)) fate.skip(event);
    else if (this.#isReordering) this.#holdBack(event);
    else this.#send(event, fate);
    this.#settle();
  }

  #isSilent({ stream }: OutgoingEvent): boolean {
    return this.#isAllSilent || this.#silentStreams.has(stream);
  }

  #takeSkip(stream: string): boolean {
    const left = this.#toSkip.get(stream) ?? 0;
    if (left > 1) this.#toSkip.set(stream, left - 1);
    else this.#toSkip.delete(stream);
    return left > 0;
  }

  #holdBack(event: OutgoingEvent): void {
    this.#isReordering = false;
    this.#heldBack.set(event.stream, event);
  }

  /** An event that was held back follows the next one of its stream. */
  #send(event: OutgoingEvent, fate: EventFate): void {
    fate.deliver(event);
    if (this.#toDuplicate > 0) {
      this.#toDuplicate -= 1;
      fate.deliver(event);
    }
    const held = this.#heldBack.get(event.stream);
    if (held === undefined) return;
    this.#heldBack.delete(event.stream);
    fate.deliver(held);
  }

  #settle(): void {
    this.#isIdle =
      !this.#isAllSilent &&
      this.#silentStreams.size === 0 &&
      this.#toSkip.size === 0 &&
      this.#toDuplicate === 0 &&
      !this.#isReordering &&
      this.#heldBack.size === 0;
  }
}
