const CLEAR_LINE = '\r\x1b[K';

/** The last line of a terminal, rewritten in place; log lines appear above it. In a pipe there is none. */
export class StatusLine {
  #text = '';

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Shows this until the next call. */
  show(text: string): void {
    if (!this.stream.isTTY) return;
    this.#text = text.slice(0, Math.max(0, this.stream.columns - 1));
    this.stream.write(CLEAR_LINE + this.#text);
  }

  /** Prints text that ends in a line end, above the status. */
  print(lines: string): void {
    this.stream.write(this.#text === '' ? lines : CLEAR_LINE + lines + this.#text);
  }

  /** Takes the status away. */
  clear(): void {
    if (this.#text !== '') this.stream.write(CLEAR_LINE);
    this.#text = '';
  }
}
