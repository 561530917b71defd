/** A field of a message: text, or a number as decimal text; nothing is empty. */
export type Field = string | number | undefined;

/** A message: four bytes of length, then its fields, each with a NUL behind it. */
export function frameOf(...fields: readonly Field[]): Buffer {
  const body = Buffer.from(fields.map((field) => `${field ?? ''}\0`).join(''), 'utf8');
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

/** Takes the messages of a client apart: first `API\0` and its versions, then one message after another. */
export class ClientReader {
  #rest: Buffer = Buffer.alloc(0);
  #hasGreeted = false;

  constructor(
    private readonly onGreeting: (versions: string) => void,
    private readonly onMessage: (fields: readonly string[]) => void,
  ) {}

  push(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (!this.#hasGreeted) this.#greet();
    if (!this.#hasGreeted) return;
    for (let text = this.#take(0); text !== undefined; text = this.#take(0))
      this.onMessage(text.split('\0').slice(0, -1));
  }

  #greet(): void {
    const versions = this.#take(4);
    if (versions === undefined) return;
    this.#hasGreeted = true;
    this.onGreeting(versions);
  }

  /** The text behind a length that begins there; `undefined` while it is not whole. */
  #take(at: number): string | undefined {
    if (this.#rest.length < at + 4) return undefined;
    const end = at + 4 + this.#rest.readUInt32BE(at);
    if (this.#rest.length < end) return undefined;
    const text = this.#rest.toString('utf8', at + 4, end);
    this.#rest = this.#rest.subarray(end);
    return text;
  }
}
