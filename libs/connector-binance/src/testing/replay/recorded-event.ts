import { eventIdOf, streamKind } from '../event-id.js';
import type { OutgoingEvent } from '../outgoing-event.js';
import type { RecordedMessage } from './recorded-frame.js';

const DATA_MEMBER = '"data":';

/** A recorded message as it was: in the wrapper as recorded, or its payload cut out; times stay in their unit. */
export class RecordedEvent implements OutgoingEvent {
  readonly stream: string;
  readonly id: number | undefined;
  readonly #text: string;

  constructor({ stream, text }: RecordedMessage) {
    this.stream = stream;
    this.id = eventIdOf(kindOf(stream), text);
    this.#text = text;
  }

  text(isCombined: boolean): string {
    return isCombined ? this.#text : payloadIn(this.#text);
  }
}

/** Byte for byte where the venue's own form is kept (`"data"` last, no spaces around it). */
function payloadIn(text: string): string {
  const at = text.indexOf(DATA_MEMBER);
  if (text.startsWith('{"stream":') && at > 0)
    return text.slice(at + DATA_MEMBER.length, text.lastIndexOf('}'));
  return JSON.stringify((JSON.parse(text) as { data: unknown }).data);
}

const kinds = new Map<string, ReturnType<typeof streamKind>>();
/** A recording has few streams and many frames. */
function kindOf(stream: string): ReturnType<typeof streamKind> {
  const known = kinds.get(stream);
  if (known !== undefined) return known;
  const kind = streamKind(stream);
  if (kinds.size < 10_000) kinds.set(stream, kind);
  return kind;
}
