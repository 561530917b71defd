/** A text as a literal of SQL. */
export function sqlText(value: string): string {
  return `'${value.replace(/[\\']/g, (special) => `\\${special}`)}'`;
}

/** The texts, at least one, as what stands behind IN. */
export function sqlTexts(values: readonly string[]): string {
  return `(${values.map(sqlText).join(', ')})`;
}

/** The first moment of a minute, counted from the epoch. */
export function sqlMinute(minute: number): string {
  return `toDateTime64(${minute * 60}, 6, 'UTC')`;
}

/** Any of the conditions, at least one. */
export function sqlAny(conditions: readonly string[]): string {
  return `(${conditions.map((condition) => `(${condition})`).join(' OR ')})`;
}
