const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;
const EXACT_DIGITS = 15;

/**
 * Parses a venue's decimal text (`"61837.63000000"`) to the nearest double, which prints the same decimal
 * again (trailing zeros aside) as long as it has at most 15 significant digits: see {@link isExactDecimal}.
 * @throws RangeError when the text is not a plain decimal (no exponent, no sign but `-`, no spaces).
 */
export function parseDecimal(text: string): number {
  const value = Number(text);
  if (!DECIMAL.test(text) || !Number.isFinite(value))
    throw new RangeError(`not a decimal: ${text.slice(0, 64)}`);
  return value;
}

/** Whether a double keeps every digit of this decimal: true up to 15 significant digits. */
export function isExactDecimal(text: string): boolean {
  if (text.length <= EXACT_DIGITS) return true;
  const significant = text
    .replace(/^-?[0.]*/, '')
    .replace('.', '')
    .replace(/0+$/, '');
  return significant.length <= EXACT_DIGITS;
}

/** Writes a double as a plain decimal without an exponent: `0.00000001`, never `1e-8`. */
export function formatDecimal(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', lead = '', fraction = '', exponentText = '0'] = match;
  const digits = lead + fraction;
  const point = 1 + Number(exponentText);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return (
    sign +
    digits.slice(0, point).padEnd(point, '0') +
    (digits.length > point ? `.${digits.slice(point)}` : '')
  );
}

const MID_SCALE = 1e8;
const MID_LIMIT = Number.MAX_SAFE_INTEGER / (MID_SCALE * 10);

/**
 * The middle of bid and ask, printing as the exact decimal: venues quote at most 8 decimals, so it is computed
 * in whole units of 1e-8 where those fit a double (prices below 9 million), and as a plain mean beyond.
 */
export function midPrice(bid: number, ask: number): number {
  if (bid >= MID_LIMIT || ask >= MID_LIMIT) return bid + (ask - bid) / 2;
  return ((Math.round(bid * MID_SCALE) + Math.round(ask * MID_SCALE)) * 5) / (MID_SCALE * 10);
}
