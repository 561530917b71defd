import { atMost, figure } from './rows.mjs';
import { slope } from './slope.mjs';
import { assertStored, withPipeline } from './with-pipeline.mjs';

const RATE = 5_000;
const WARM_UP_SECONDS = 10;
const FLAT_MB_A_MINUTE = 5;
const STREAMS = ['trade', 'bookTicker', 'depth'];

/** ClickHouse is killed before the market opens and comes back when it has closed: what the ingestor's memory does meanwhile. */
export function run({ seconds = 60, progress, ...options }) {
  return withPipeline({ ...options, streams: STREAMS }, async ({ venue, recorder, database, connect }) => {
    await connect();
    await database.kill();
    const length = WARM_UP_SECONDS + seconds;
    progress(`${length} s without ClickHouse`);
    await recorder.ask('sampleMemory');
    const played = await venue.ask('sendEvenly', { rate: RATE, seconds: length });
    await database.start();
    progress('ClickHouse is back');
    const started = performance.now();
    const finished = await recorder.ask('finish', { events: played.events });
    const drainedIn = (performance.now() - started) / 1000;
    await assertStored(database, played, finished);
    await assertInOrder(database);
    const samples = finished.memory.slice(WARM_UP_SECONDS, length).map((bytes) => bytes / 1e6);
    const at = `${seconds} s at ${RATE.toLocaleString('en-US')} events/s without ClickHouse`;
    return {
      rows: [
        atMost(
          `${at}: growth of the ingestor's memory`,
          Math.abs(slope(samples) * 60),
          'MB/min',
          FLAT_MB_A_MINUTE,
        ),
        figure('most of it', Math.max(...samples), 'MB'),
        figure('stored once and in order after it returned', played.events, 'events'),
        figure('until they were, their bars included', drainedIn, 's'),
      ],
    };
  });
}

/** Parts are numbered as they were inserted, and merged only with their neighbours: ids must grow from one to the next. */
async function assertInOrder(database) {
  for (const table of ['tick_raw', 'depth_raw']) {
    const [{ steps_back }] = await database.query(stepsBack(table));
    if (Number(steps_back) > 0) throw new Error(`${steps_back} parts of ${table} were stored out of order`);
  }
}

function stepsBack(table) {
  return `
    SELECT countIf(first <= last_before) AS steps_back FROM (
      SELECT first, lagInFrame(last) OVER (PARTITION BY stream, venue_symbol, _partition_id ORDER BY number) AS last_before
      FROM (
        SELECT stream, venue_symbol, _partition_id, toUInt64(splitByChar('_', _part)[2]) AS number,
               min(sequence_id) AS first, max(sequence_id) AS last
        FROM ${table} WHERE sequence_id > 0 GROUP BY ALL
      )
    )`;
}
