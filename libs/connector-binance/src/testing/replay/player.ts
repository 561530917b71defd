import { setTimeout as wait } from 'node:timers/promises';
import type { DepthSnapshot } from '../depth-snapshot.js';
import type { DepthSnapshots } from '../depth-snapshots.js';
import type { Publisher } from '../publisher.js';
import type { FrameListener } from '../websocket/text-tap.js';
import type { WebSocketEndpoint } from '../websocket/websocket-server.js';
import type { WireHistory } from '../wire-history.js';
import { inBatches } from './frame-batches.js';
import { type Pace, type PaceOptions, paceOf } from './pace.js';
import { RecordedEvent } from './recorded-event.js';
import type { RecordedFrame } from './recorded-frame.js';

export interface PlayOptions extends PaceOptions {
  readonly frames: Iterable<RecordedFrame> | AsyncIterable<RecordedFrame>;
  /** As the simulator's `onFrame`, while this recording is played. */
  readonly onFrame?: FrameListener;
  /** Ends the playing early. */
  readonly signal?: AbortSignal;
}

/** What was played. */
export interface PlayResult {
  /** Messages of the recording that were played, whether anyone had subscribed or not. */
  readonly messages: number;
  /** Depth snapshots that REST has served since. */
  readonly snapshots: number;
}

/** Where a player sends to. */
export interface Stage {
  readonly publisher: Publisher;
  readonly endpoint: WebSocketEndpoint;
  readonly depth: DepthSnapshots;
  readonly history: WireHistory;
}

/** Plays one recording; see {@link PlayOptions}. */
export class Player {
  #messages = 0;
  #snapshots = 0;

  constructor(
    private readonly stage: Stage,
    private readonly options: PlayOptions,
  ) {}

  /** Resolves when everything has left the process. */
  async play(): Promise<PlayResult> {
    const { endpoint, depth } = this.stage;
    const pace = paceOf(this.options, performance.now());
    depth.setPlaying(true);
    const stopListening = endpoint.tap.listen(this.options.onFrame ?? (() => undefined));
    try {
      for await (const batch of inBatches(this.options.frames)) {
        await this.#playBatch(batch, pace);
        if (this.options.signal?.aborted) break;
      }
      await Promise.all([...endpoint.connections].map((connection) => connection.written()));
    } finally {
      stopListening();
      depth.setPlaying(false);
    }
    return { messages: this.#messages, snapshots: this.#snapshots };
  }

  async #playBatch(batch: readonly RecordedFrame[], pace: Pace): Promise<void> {
    for (const frame of batch) {
      const due = pace(frame.receivedAt);
      if (due > 0 && due > performance.now()) await this.#waitUntil(due);
      if (this.options.signal?.aborted) return;
      this.#send(frame);
    }
    await this.#flush();
  }

  #send(frame: RecordedFrame): void {
    this.stage.endpoint.tap.latest = frame.receivedAt;
    if (frame.stream === undefined) {
      this.#snapshots += 1;
      this.stage.depth.set(frame.snapshotOf, JSON.parse(frame.text) as DepthSnapshot);
      return;
    }
    const event = new RecordedEvent(frame);
    this.#messages += 1;
    this.stage.history.note(event.stream, event.id, frame.text);
    this.stage.publisher.publish(event);
  }

  async #waitUntil(due: number): Promise<void> {
    await this.#flush();
    const { signal } = this.options;
    const left = due - performance.now();
    if (left > 0) await wait(Math.ceil(left), undefined, signal && { signal }).catch(() => undefined); // an abort is seen by the caller
  }

  /** Sends what is due, waits for receivers that are behind, and lets the process hear what came in meanwhile. */
  async #flush(): Promise<void> {
    this.stage.publisher.flush();
    const slow = [...this.stage.endpoint.connections].flatMap((connection) => connection.drained() ?? []);
    if (slow.length > 0) await Promise.all(slow);
    else await new Promise(setImmediate);
  }
}
