import { microsFromNanos, type Micros } from '@autotrader/schemas';
import type { RecordedFrame } from './recorded-frame.js';
import { SnapshotOwners } from './snapshot-owners.js';

/** A line that is none; the message says why, not where. */
export class MalformedLine extends Error {}

interface Snapshot {
  readonly receivedAt: Micros;
  readonly text: string;
  readonly lastUpdateId: number;
}

/** What a line's JSON may hold. */
interface Message {
  readonly stream?: unknown;
  readonly data?: unknown;
  readonly lastUpdateId?: unknown;
}

/** Turns lines into frames; a snapshot waits for the first stream, which tells whose book it is. */
export class RecordingParser {
  #lines = 0;
  readonly #owners = new SnapshotOwners();
  #ownerless: Snapshot[] = [];

  /** Lines taken so far, empty ones counted. */
  get lines(): number {
    return this.#lines;
  }

  /** Whether the end of the file is a good place to end. */
  get isComplete(): boolean {
    return this.#ownerless.length === 0;
  }

  /** The frames that a line completes. @throws MalformedLine */
  parse(line: string): readonly RecordedFrame[] {
    this.#lines += 1;
    if (line.trim() === '') return [];
    const space = line.indexOf(' ');
    if (space < 0) throw new MalformedLine('no space after the receive time');
    const text = line.slice(space + 1).trim();
    const { stream, data, lastUpdateId } = parseMessage(text);
    const receivedAt = parseTime(line.slice(0, space));
    if (typeof stream === 'string' && typeof data === 'object' && data !== null) {
      this.#owners.note(stream, data);
      const message = { receivedAt, stream, text };
      return this.isComplete ? [message] : [...this.#snapshots(), message];
    }
    if (typeof lastUpdateId !== 'number')
      throw new MalformedLine('neither {"stream":…,"data":…} nor a depth snapshot');
    this.#ownerless.push({ receivedAt, text, lastUpdateId });
    return this.#snapshots();
  }

  #snapshots(): RecordedFrame[] {
    if (!this.#owners.areKnown) return [];
    const snapshots = this.#ownerless.map(({ receivedAt, text, lastUpdateId }): RecordedFrame => ({
      receivedAt,
      stream: undefined,
      snapshotOf: this.#owners.ownerOf(lastUpdateId),
      text,
    }));
    this.#ownerless = [];
    return snapshots;
  }
}

function parseMessage(text: string): Message {
  try {
    const message = JSON.parse(text) as unknown;
    if (typeof message === 'object' && message !== null) return message;
  } catch (error) {
    throw new MalformedLine(`not JSON: ${text.slice(0, 60)}`, { cause: error });
  }
  throw new MalformedLine(`not a JSON object: ${text.slice(0, 60)}`);
}

function parseTime(text: string): Micros {
  try {
    return microsFromNanos(text);
  } catch (error) {
    const reason = `a line begins with its receive time in nanoseconds, not with ${text.slice(0, 30)}`;
    throw new MalformedLine(reason, { cause: error });
  }
}
