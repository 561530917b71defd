import { symbolOfStream } from '../event-id.js';

/** What of a payload tells how far a symbol's book has come. */
export interface UpdateIds {
  readonly u?: unknown;
  readonly lastUpdateId?: unknown;
}

/** Tells whose book a snapshot is, which does not say so itself: the symbol whose update ids are nearest. */
export class SnapshotOwners {
  /** Latest update id by stream; NaN where a stream has none. */
  readonly #latest = new Map<string, number>();

  /** Whether any stream was seen. */
  get areKnown(): boolean {
    return this.#latest.size > 0;
  }

  note(stream: string, payload: UpdateIds): void {
    const id = payload.u ?? payload.lastUpdateId;
    this.#latest.set(stream, typeof id === 'number' ? id : NaN);
  }

  ownerOf(lastUpdateId: number): string {
    let nearest = { stream: '', distance: Infinity };
    for (const [stream, id] of this.#latest) {
      const distance = Number.isNaN(id) ? Number.MAX_VALUE : Math.abs(id - lastUpdateId);
      if (distance < nearest.distance) nearest = { stream, distance };
    }
    return symbolOfStream(nearest.stream);
  }
}
