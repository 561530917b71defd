/** What a field may be. TWS is written in Java: it prints a small double as `5.0E-5`. */
const KINDS = {
  whole: /^-?[0-9]{1,10}$/,
  seconds: /^[0-9]{10}$/,
  decimal: /^-?[0-9]{1,40}(\.[0-9]{1,40})?(E-?[0-9]{1,3})?$/,
  /** A size that is not there is empty, or the greatest number there is; thousands may be apart. */
  size: /^([0-9]{1,40}|[0-9]{1,3}(,[0-9]{3}){1,9})?(\.[0-9]{1,40})?(E-?[0-9]{1,3})?$/,
  flag: /^[0-9]{1,3}$/,
  text: /^[^\p{Cc}]*$/u,
} as const;
type Kind = keyof typeof KINDS;

const header: readonly Kind[] = ['whole', 'whole', 'whole'];
const trade: readonly Kind[] = [...header, 'seconds', 'decimal', 'size', 'flag', 'text', 'text'];

/** Messages of market data by their number (tick by tick: and their type), field by field. */
const LAYOUTS: Readonly<Record<string, readonly Kind[]>> = {
  '99 1': trade,
  '99 2': trade,
  '99 3': [...header, 'seconds', 'decimal', 'decimal', 'size', 'size', 'flag'],
  '99 4': [...header, 'seconds', 'decimal'],
  '50': [...header, 'seconds', ...Array<Kind>(6).fill('decimal'), 'whole'],
  '12': [...header, 'whole', 'whole', 'whole', 'decimal', 'size'],
  '13': [...header, 'whole', 'text', 'whole', 'whole', 'decimal', 'size', 'flag'],
  '1': [...header, 'whole', 'decimal', 'size', 'flag'],
  '2': [...header, 'whole', 'size'],
  '46': [...header, 'whole', 'text'],
  '58': [...header, 'whole'],
};

/**
 * What is wrong with the fields of a message, as far as it is market data; `undefined` when nothing is. The library reads numbers
 * leniently (`2x71.35` is 2 to it), and what it does not read it makes 0.
 * https://ibkrcampus.com/campus/ibkr-api-page/twsapi-doc/
 */
export function wrongField(fields: readonly string[]): string | undefined {
  const layout = layoutOf(fields);
  if (layout === undefined) return fields[0] === '99' ? 'no such tick-by-tick type' : undefined;
  if (fields.length !== layout.length) return `${fields.length} fields where there are ${layout.length}`;
  for (let at = 0; at < layout.length; at++) {
    // Within the layout, and as many as it has.
    const [kind, field] = [layout[at]!, fields[at]!];
    if (!KINDS[kind].test(field)) return `field ${at}: not a ${kind}`;
  }
  return undefined;
}

function layoutOf([number = '', second = '', third = '']: readonly string[]): readonly Kind[] | undefined {
  const key = number === '99' ? `99 ${third}` : number;
  return second === '' || !Object.hasOwn(LAYOUTS, key) ? undefined : LAYOUTS[key];
}
