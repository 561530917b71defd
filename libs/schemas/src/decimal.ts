const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;
const EXACT_DIGITS = 15;
const EXACT_TEXT_LENGTH = 300;

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

/**
 * Whether a double keeps every digit of this decimal: true up to 15 significant digits (and 300 characters:
 * beyond, a double may run out of exponents).
 */
export function isExactDecimal(text: string): boolean {
  if (text.length <= EXACT_DIGITS) return true;
  if (text.length > EXACT_TEXT_LENGTH) return false;
  const significant = text
    .replace(/^-?[0.]*/, '')
    .replace('.', '')
    .replace(/0+$/, '');
  return significant.length <= EXACT_DIGITS;
}

/**
 * Writes a double as a plain decimal without an exponent: `0.00000001`, never `1e-8`.
 * @throws RangeError when the value is not finite.
 */
export function formatDecimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`not a decimal: ${value}`);
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
const MID_UNITS_LIMIT = 2 ** 23 * MID_SCALE;

/**
 * The middle of bid and ask: the double nearest to the exact decimal, which therefore prints it (up to 15
 * significant digits, and 16 below 8 388 608).
 * @throws RangeError when bid or ask is not finite.
 */
export function midPrice(bid: number, ask: number): number {
  const [bidUnits, askUnits] = [Math.round(bid * MID_SCALE), Math.round(ask * MID_SCALE)];
  return isWhole(bid, bidUnits) && isWhole(ask, askUnits)
    ? ((bidUnits + askUnits) * 5) / (MID_SCALE * 10)
    : midOfDigits(bid, ask);
}

/** Most venues quote at most 8 decimals: whole units of 1e-8, whose sum and division round only once. */
function isWhole(price: number, units: number): boolean {
  return units / MID_SCALE === price && Math.abs(units) <= MID_UNITS_LIMIT;
}

/** For more decimals, or greater prices: about 0.5 µs instead of 0.01, and right for every double. */
function midOfDigits(bid: number, ask: number): number {
  const [bidText, askText] = [formatDecimal(bid), formatDecimal(ask)];
  const decimals = Math.max(decimalsOf(bidText), decimalsOf(askText));
  const sum = unitsOf(bidText, decimals) + unitsOf(askText, decimals);
  return Number(`${sum * 5n}e-${decimals + 1}`);
}

function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

function unitsOf(text: string, decimals: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(decimals - decimalsOf(text)));
}
