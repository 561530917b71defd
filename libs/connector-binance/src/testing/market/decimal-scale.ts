const PLACES = 8;
const ZEROS = '00000000';

/** Whole numbers of a smallest step, and their decimals as Binance writes them: padded to 8 places. */
export class DecimalScale {
  readonly #mantissa: number;
  readonly #decimals: number;

  /** @throws RangeError when the step is not a plain positive decimal of at most 8 places. */
  constructor(step: string) {
    const [whole = '', fraction = ''] = step.split('.');
    const decimals = fraction.replace(/0+$/, '');
    this.#mantissa = Number(whole + decimals);
    this.#decimals = decimals.length;
    if (!/^\d+(\.\d+)?$/.test(step) || !(this.#mantissa > 0) || this.#decimals > PLACES)
      throw new RangeError(`not a step of a price or a quantity: ${JSON.stringify(step)}`);
  }

  /** How many steps are nearest to a value. */
  countOf(value: number): number {
    return Math.round((value * 10 ** this.#decimals) / this.#mantissa);
  }

  /** 8421537 steps of `0.01` are `84215.37000000`. */
  format(count: number): string {
    return this.#place(String(count * this.#mantissa), this.#decimals);
  }

  /** Writes a sum of counts of this scale times counts of another; places past the eighth are cut. */
  formatProduct(sum: bigint, other: DecimalScale): string {
    const digits = String(sum * BigInt(this.#mantissa) * BigInt(other.#mantissa));
    const decimals = this.#decimals + other.#decimals;
    const excess = Math.max(0, decimals - PLACES);
    const kept = excess === 0 ? digits : digits.slice(0, -excess) || '0';
    return this.#place(kept, decimals - excess);
  }

  #place(digits: string, decimals: number): string {
    const padded = digits.padStart(decimals + 1, '0');
    const point = padded.length - decimals;
    return `${padded.slice(0, point)}.${padded.slice(point)}${ZEROS.slice(decimals)}`;
  }
}
