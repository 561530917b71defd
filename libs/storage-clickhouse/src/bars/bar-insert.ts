/** The moment a statement is about, and how it is told from others. */
export interface BarVersion {
  /** Clock of the server before anything was read, microseconds. */
  readonly now: number;
  /** `now`, or more where a bar with a later one is there already (the clock was set back). */
  readonly version: number;
}

/** What a row that is to be a bar has, in the order in which both sides of {@link insertBars} give it. */
const KEY = ['venue', 'symbol', 'interval', 'price_type', 'open_time'] as const;
const VALUES = [
  ...['stream', 'venue_symbol', 'asset_class', 'timestamp', 'received_at', 'sequence_id'],
  ...['open', 'high', 'low', 'close', 'volume', 'trades'],
] as const;

/** SQL of each column of a bar; `turnover` is the sum of price by size. */
export type BarColumns = Readonly<Record<(typeof KEY | typeof VALUES)[number] | 'turnover', string>>;

/**
 * The columns as the list of a SELECT, by place and without names, which would take the place of the columns
 * that they are computed from.
 */
function barList(columns: BarColumns): string {
  return [...KEY, ...VALUES, 'turnover' as const].map((name) => columns[name]).join(', ');
}

const STORED = barList({
  ...(Object.fromEntries([...KEY, ...VALUES].map((name) => [name, name])) as Omit<BarColumns, 'turnover'>),
  trades: 'assumeNotNull(trades) AS trades',
  turnover: 'ifNull(vwap, 0) * volume AS turnover',
});

const DAY = 86_400_000_000;

/** Of several rows of one bar this one stands. */
const RANK = '(is_fresh, volume, trades, stream)';

/**
 * SQL that writes bars anew. `columns` and `from` select them as they should be, several of one bar where it can be
 * made from several streams: the one with the most volume stands, then that of the most trades (so `trade` is
 * taken rather than `aggTrade`, which tells the same volume in fewer rows). `stored` is the condition on
 * `bars_raw` for the bars that this is about: one that is there and is not fresh any more has lost its ticks to an
 * earlier minute, and is removed.
 *
 * Ticks do not vanish but for that and by their retention, and only the latter happens after a day: an older bar
 * is never replaced by one of fewer ticks.
 */
export function insertBars(
  database: string,
  columns: BarColumns,
  from: string,
  stored: string,
  { now, version }: BarVersion,
): string {
  const key = KEY.join(', ');
  const values = VALUES.map((name) => `argMax(${name}, ${RANK})`).join(', ');
  const [volume, turnover] = ['volume', 'turnover'].map((name) => `argMax(${name}, ${RANK})`);
  const vwap = `if(${volume} > 0, ${turnover} / ${volume}, NULL)`;
  return `
    INSERT INTO ${database}.bars_raw (${key}, ${VALUES.join(', ')}, vwap, is_closed, source, version, is_empty)
    SELECT ${key}, ${values}, ${vwap}, false, 'ticks', ${version}, NOT max(is_fresh)
    FROM (
      SELECT ${STORED}, false AS is_fresh FROM ${database}.bars_raw FINAL WHERE source = 'ticks' AND ${stored}
      UNION ALL
      SELECT ${barList(columns)}, true ${from}
    )
    GROUP BY ${key}
    HAVING open_time > fromUnixTimestamp64Micro(${now - DAY}, 'UTC')
      OR (max(is_fresh) AND maxIf(trades, is_fresh) >= maxIf(trades, NOT is_fresh))`;
}
