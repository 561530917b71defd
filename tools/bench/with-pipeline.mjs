import { openDatabase } from './database.mjs';
import { startProcess } from './processes/start.mjs';

/** Room for the frames of a long run, written before the clock starts. */
const VENUE_HEAP = '--max-old-space-size=6144';

/**
 * Runs `measure` with a simulated venue, a recorder and, unless `stored` is false, a ClickHouse that it stores into:
 * each a process of its own, all of them new. `connect()` connects the recorder. Ends them whatever happens.
 */
export async function withPipeline({ projectRoot, recordings, streams, stored = true }, measure) {
  const database = stored ? await openDatabase() : undefined;
  const venue = startProcess('venue', [VENUE_HEAP]);
  const recorder = startProcess('recorder');
  try {
    const address = await venue.ask('open', { recordings, streams });
    const to = { projectRoot, streams, venue: address, clickhouse: database?.url };
    const connect = () => recorder.ask(stored ? 'record' : 'listen', to);
    return await measure({ venue, recorder, database, connect });
  } finally {
    await recorder.ask('stop').catch(() => undefined);
    await recorder.stop();
    await venue.ask('stop').catch(() => undefined);
    await venue.stop();
    await database?.stop();
  }
}

/** Holds what was sent against what is stored, by stream and symbol. @throws Error with all that differs. */
export async function assertStored(database, { sent }, { gaps, duplicates, quarantined }) {
  const rows = await database.query(COUNTS);
  const stored = new Map(rows.map((row) => [`${row.stream} ${row.venue_symbol}`, row]));
  const wrong = Object.entries(sent).flatMap(([wire, events]) => {
    const [symbol, stream] = wire.split('@');
    const key = `${stream} ${symbol.toUpperCase()}`;
    const { written = 0, distinct = 0 } = stored.get(key) ?? {};
    return Number(written) === events && Number(distinct) === events
      ? []
      : [`${key}: sent ${events}, written ${written}, of them distinct ${distinct}`];
  });
  for (const [name, count] of Object.entries({ gaps, duplicates, quarantined }))
    if (count > 0) wrong.push(`${count} ${name}`);
  if (wrong.length > 0) throw new Error(`what was sent is not what is stored: ${wrong.join('; ')}`);
}

/** Rows as they were written, and rows as one reads them: those of one identity are one. */
const COUNTS = ['tick', 'depth']
  .map(
    (table) => `
      SELECT stream, venue_symbol, raw.rows AS written, view.rows AS distinct
      FROM (SELECT stream, venue_symbol, count() AS rows FROM ${table}_raw GROUP BY ALL) AS raw
      FULL JOIN (SELECT stream, venue_symbol, count() AS rows FROM ${table} GROUP BY ALL) AS view
      USING (stream, venue_symbol)`,
  )
  .join(' UNION ALL ');
