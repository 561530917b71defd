const NEWLINE = 0x0a;
const EMPTY = Buffer.alloc(0);

/**
 * Puts lines together from chunks, which may hold a part of one or several. A line within one chunk is handed on without a
 * copy. Of a line that is longer than the limit, its first bytes up to one beyond the limit are handed on, so that whoever
 * reads it sees that it is too long, and the rest of it is skipped.
 */
export class LineSplitter {
  /** What there is of a line that has not ended. */
  #rest: Buffer = EMPTY;
  #isSkipping = false;

  constructor(
    private readonly mostBytes: number,
    private readonly onLine: (line: Buffer) => void,
  ) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from);
      if (end < 0) break;
      this.#end(chunk.subarray(from, end));
      from = end + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
  }

  /** Nothing more comes: hands on what there is of a last line. */
  end(): void {
    const rest = this.#rest;
    this.#rest = EMPTY;
    if (rest.length > 0) this.onLine(rest);
  }

  #end(part: Buffer): void {
    const isSkipped = this.#isSkipping;
    this.#isSkipping = false;
    if (isSkipped) return;
    const line = this.#rest.length === 0 ? part : Buffer.concat([this.#rest, part]);
    this.#rest = EMPTY;
    this.onLine(line.subarray(0, this.mostBytes + 1));
  }

  #keep(part: Buffer): void {
    if (this.#isSkipping) return;
    const room = this.mostBytes + 1 - this.#rest.length;
    this.#rest = Buffer.concat([this.#rest, part.subarray(0, room)]);
    if (part.length < room) return;
    this.#isSkipping = true;
    this.end();
  }
}
