import { MOST_FRACTION_DIGITS } from './protocol.js';

const QUOTE = 0x22;
const DOT = 0x2e;
const ZERO = 0x30;

/** A decimal of at most 15 significant digits is exact in a double, and prints back as it was written. */
const MANTISSA_LIMIT = 1e15;
const MOST_DECIMALS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: MOST_DECIMALS + 1 }, (_, exponent) =>
  Number(`1e${exponent}`),
);

/**
 * Reads a frame of known layout: literal, value, literal, value. Anything that is not exactly that layout clears
 * `ok`, and what was read is to be thrown away: the frame is then parsed as JSON, which also says what is wrong.
 */
export class FrameCursor {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  ok = true;

  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
    this.ok = true;
  }

  /** Whether every byte of the frame was read, and as expected. */
  closes(): boolean {
    return this.ok && this.at === this.bytes.length;
  }

  literal(expected: Uint8Array): void {
    const { bytes, at } = this;
    for (let i = 0; i < expected.length; i++) {
      if (bytes[at + i] !== expected[i]) {
        this.ok = false;
        return;
      }
    }
    this.at = at + expected.length;
  }

  /** Reads `byte` when it is next; otherwise stays where it is. */
  accepts(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** Reads `byte`, which must be next. */
  byte(byte: number): void {
    if (!this.accepts(byte)) this.ok = false;
  }

  /** An unsigned integer as JSON writes it: no leading zero. */
  integer(): number {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, ++at)) value = value * 10 + digit;
    if (at === start || value > Number.MAX_SAFE_INTEGER || (bytes[start] === ZERO && at > start + 1))
      this.ok = false;
    this.at = at;
    return value;
  }

  /**
   * An unsigned decimal without leading zeros, and its closing quote. Whole mantissa over power of ten: both are
   * exact doubles, so the one division rounds exactly as `Number(text)` does. Trailing zeros are left out, so
   * padding never costs precision.
   */
  decimal(): number {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let mantissa = 0;
    let scale = 0;
    for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, ++at))
      mantissa = mantissa * 10 + digit;
    if (at === start || (bytes[start] === ZERO && at > start + 1)) this.ok = false;
    if (bytes[at] === DOT) {
      const first = ++at;
      for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, ++at)) {
        if (digit === 0) continue;
        const added = at - first + 1 - scale;
        mantissa = mantissa * (POWERS_OF_TEN[added] ?? Infinity) + digit;
        scale += added;
      }
      if (at === first || at - first > MOST_FRACTION_DIGITS) this.ok = false;
    }
    if (bytes[at] !== QUOTE || mantissa >= MANTISSA_LIMIT || scale > MOST_DECIMALS) this.ok = false;
    this.at = at + 1;
    return mantissa / (POWERS_OF_TEN[scale] ?? NaN);
  }
}

function digitAt(bytes: Uint8Array, at: number): number {
  const digit = (bytes[at] ?? 0) - ZERO;
  return digit <= 9 ? digit : -1;
}
