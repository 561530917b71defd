/** Below, a double with at most 8 decimals is the only one that is nearest to it. */
const EXACT_BELOW = '9e7';

/** Decimal256 of 30 decimals has room for less than 1e46. */
const DECIMAL_BELOW = '1e40';

/**
 * SQL for the double nearest to the exact decimal sum of a column, whatever the order of its rows: doubles are
 * summed as the decimals they print. Those of at most 8 decimals as integers (as fast as adding doubles), others
 * by their text. A sum of sizes beyond anything traded is that of the doubles. Needs `precise_float_parsing`.
 */
export function exactSum(column: string): string {
  const units = `round(${column} * 1e8)`;
  const isWhole = `(${column} < ${EXACT_BELOW} AND ${units} / 1e8 = ${column})`;
  const whole = `toDecimal256(concat(toString(sumIf(toInt128(${units}), ${isWhole})), 'e-8'), 30)`;
  const other = `sum(if(${isWhole}, toDecimal256(0, 30), toDecimal256OrZero(toString(${column}), 30)))`;
  return `if(max(${column}) < ${DECIMAL_BELOW}, toFloat64(toString(${whole} + ${other})), sum(${column}))`;
}

/** Int256 has room for less than 5.7e76, and what is summed is multiplied by 1e18. */
const PRODUCT_BELOW = '1e50';

/**
 * SQL for the sum of an expression of doubles, such as price by size, that is the same whatever the order of its rows: each
 * is rounded to 18 decimals, and these are summed as integers. Adding doubles tells another last digit for another order.
 */
export function orderlessSum(expression: string): string {
  const whole = `toFloat64(sum(toInt256(if(abs(${expression}) < ${PRODUCT_BELOW}, ${expression}, 0) * 1e18))) / 1e18`;
  return `if(max(abs(${expression})) < ${PRODUCT_BELOW}, ${whole}, sum(${expression}))`;
}
