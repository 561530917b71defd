import type { Micros } from '@autotrader/schemas';

/**
 * Hears of a text message that goes out: the recorded receive time of a frame; an answer to a control message gets
 * that of the latest frame, undefined before the first. Connections are numbered from 1 on.
 */
export type FrameListener = (receivedAt: Micros | undefined, connection: number) => void;

/** Tells listeners of each text message that goes out, in sending order. */
export class TextTap {
  /** Receive time of the latest recorded frame. */
  latest: Micros | undefined;
  readonly #listeners = new Set<FrameListener>();

  /** @returns what ends the listening. */
  listen(listener: FrameListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  note(connection: number): void {
    for (const listener of this.#listeners) listener(this.latest, connection);
  }
}
