/** What tells a bar from others, in the order in which all parts of {@link insertBars} give it. */
const KEY = ['venue', 'symbol', 'interval', 'price_type', 'open_time'] as const;

/** What a bar has, in this order. */
const VALUES = [
  ...['stream', 'venue_symbol', 'asset_class', 'timestamp', 'received_at', 'sequence_id'],
  ...['open', 'high', 'low', 'close', 'volume', 'trades'],
] as const;

/**
 * SQL of each column of a bar. `turnover` is the sum of price by size; `ticks` the number of ticks of this stream
 * that a minute has, less than 0 where a bar that is stored already was made from so many.
 */
export type BarColumns = Readonly<
  Record<(typeof KEY | typeof VALUES)[number] | 'turnover' | 'ticks', string>
>;

/**
 * The columns as the list of a SELECT: by place and without names, which would take the place of the columns
 * that they are computed from.
 */
export function barList(columns: BarColumns): string {
  return [...KEY, ...VALUES, 'turnover' as const, 'ticks' as const].map((name) => columns[name]).join(', ');
}

const STORED = barList({
  ...(Object.fromEntries([...KEY, ...VALUES].map((name) => [name, name])) as Omit<
    BarColumns,
    'turnover' | 'ticks'
  >),
  trades: 'assumeNotNull(trades) AS trades',
  turnover: 'ifNull(vwap, 0) * volume AS turnover',
  ticks: '-toInt64(ticks) AS ticks',
});

/** Of several rows of one bar this one stands. */
const RANK = '(is_fresh, volume, trades, stream)';

/** The parts of a statement that writes bars anew. */
export interface BarInsert {
  readonly database: string;
  /** SELECTs of {@link barList} and then whether they are bars as they should be. */
  readonly parts: readonly string[];
  /** Condition on `bars_raw` for the bars that this is about. */
  readonly stored: string;
  /** Condition on the group of a bar, what is stored of it among them. */
  readonly having: string;
  readonly version: number;
}

/**
 * SQL that writes bars anew. Of one bar there may be several, one from each stream it can be made from: the one
 * with the most volume stands, then that of the most trades (so `trade` is taken rather than `aggTrade`, which
 * tells the same volume in fewer rows). A bar that is stored and is not among them has lost its ticks to an
 * earlier minute, and is removed.
 */
export function insertBars({ database, parts, stored, having, version }: BarInsert): string {
  const key = KEY.join(', ');
  const values = VALUES.map((name) => `argMax(${name}, ${RANK})`).join(', ');
  const [volume, turnover] = ['volume', 'turnover'].map((name) => `argMax(${name}, ${RANK})`);
  const vwap = `if(${volume} > 0, ${turnover} / ${volume}, NULL)`;
  const ofStored = `SELECT ${STORED}, false AS is_fresh FROM ${database}.bars_raw FINAL WHERE source = 'ticks' AND ${stored}`;
  return `
    INSERT INTO ${database}.bars_raw
      (${key}, ${VALUES.join(', ')}, vwap, is_closed, source, ticks, version, is_empty)
    SELECT ${key}, ${values}, ${vwap}, false, 'ticks', sumIf(ticks, is_fresh), ${version}, NOT max(is_fresh)
    FROM (${[ofStored, ...parts].join('\n      UNION ALL ')})
    GROUP BY ${key}
    HAVING ${having}`;
}
