import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { importInternal } from './build.mjs';
import { openDatabase } from './database.mjs';
import { NotRunnable } from './not-runnable.mjs';
import { peers } from './peers.mjs';
import { startProcess } from './processes/start.mjs';
import { atMost, fasterThan, figure } from './rows.mjs';
import { slope } from './slope.mjs';

const FOLDER = 'dukascopy/ticks';
const HOUR_MS = 3_600_000;
const DAY_MS = Date.UTC(2019, 1, 4);
const EUR_USD = 100_000;
const DAY_TICKS = 136_741;
const MONTH_DAYS = 28;
const DAY_AIM_SECONDS = 2;
const MEMORY_AIM_MB = 300;
const FLAT_MB_A_MINUTE = 20;
const DECODE_AIM = 2.5;

/**
 * History: the recorded hours of EUR/USD decoded, here and by dukascopy-node; a day of them from a local server to rows that are
 * stored, by the back-fill itself; and its memory for a month.
 */
export async function run({ projectRoot, recordings, rounds, progress }) {
  const files = recordedFiles(recordings);
  const decoding = await decode(projectRoot, files, rounds, peers(progress), progress);
  const day = await backfill(recordings, 1, progress);
  const month = await backfill(recordings, MONTH_DAYS, progress);
  const memory = Math.max(...month.memory);
  const growth = slope(month.memory.slice(Math.floor(month.memory.length / 4))) * 60;
  return {
    rows: [
      figure('.bi5 of a day of EUR/USD to checked ticks in columns', decoding.ours, 'ticks/s'),
      fasterThan(
        'dukascopy-node 1.46.4: the same to its rows',
        decoding.theirs,
        'ticks/s',
        decoding.ours,
        DECODE_AIM,
      ),
      atMost(
        'a day of EUR/USD, local server to rows stored and said to be done',
        day.seconds,
        's',
        DAY_AIM_SECONDS,
      ),
      figure(`${MONTH_DAYS} days of it`, month.seconds, 's'),
      figure('of it', month.rows / month.seconds, 'rows/s'),
      atMost(`most resident memory of the back-fill of ${MONTH_DAYS} days`, memory, 'MB', MEMORY_AIM_MB),
      atMost('its growth after the first quarter (least squares)', growth, 'MB/min', FLAT_MB_A_MINUTE),
    ],
  };
}

function recordedFiles(recordings) {
  const folder = join(recordings, FOLDER);
  if (!existsSync(folder))
    throw new NotRunnable(
      `no recording at ${folder}: give the folder that holds ${FOLDER} with --recordings DIR`,
    );
  return Array.from({ length: 24 }, (_, hour) =>
    readFileSync(join(folder, `${String(hour).padStart(2, '0')}h_ticks.bi5`)),
  );
}

/** In turns, each once without being timed; both must give the same ticks. */
async function decode(projectRoot, files, rounds, { require }, progress) {
  const { decodeBi5Ticks } = await importInternal(projectRoot, 'bi5');
  const { tickBatch } = await importInternal(projectRoot, 'ticks');
  const { instrumentOf } = await importInternal(projectRoot, 'instruments');
  const { processData } = require('dukascopy-node');
  const instrument = instrumentOf('EURUSD');
  const ours = () =>
    files.map((file, hour) =>
      tickBatch(decodeBi5Ticks(file, EUR_USD), instrument, (DAY_MS + hour * HOUR_MS) * 1000, 0),
    );
  const objects = files.map((buffer, hour) => ({ url: urlOf(hour), buffer, isCacheHit: false }));
  const theirs = () =>
    processData({
      instrument: 'eurusd',
      requestedTimeframe: 'tick',
      bufferObjects: objects,
      priceType: 'bid',
      volumes: true,
      volumeUnits: 'millions',
      ignoreFlats: true,
    });
  agree(ours(), theirs());
  const seconds = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    progress(`decoding: round ${round + 1} of ${rounds}`);
    for (const [name, work] of round % 2 === 0
      ? [
          ['ours', ours],
          ['theirs', theirs],
        ]
      : [
          ['theirs', theirs],
          ['ours', ours],
        ]) {
      globalThis.gc?.();
      const { user, system } = process.cpuUsage();
      work();
      const used = process.cpuUsage({ user, system });
      seconds[name].push((used.user + used.system) / 1e6);
    }
  }
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  return { ours: DAY_TICKS / median(seconds.ours), theirs: DAY_TICKS / median(seconds.theirs) };
}

function agree(batches, rows) {
  const count = batches.reduce((sum, { length }) => sum + length, 0);
  if (count !== DAY_TICKS || rows.length !== DAY_TICKS)
    throw new Error(`of ${DAY_TICKS} ticks we have ${count}, dukascopy-node ${rows.length}`);
  let at = 0;
  for (const { length, columns } of batches)
    for (let row = 0; row < length; row++, at++) {
      const [time, ask, bid] = rows[at];
      const same =
        time * 1000 === columns.timestamp[row] && ask === columns.ask[row] && bid === columns.bid[row];
      if (!same) throw new Error(`tick ${at} differs from that of dukascopy-node`);
    }
}

/** As the venue's address has it: months count from 0. */
function urlOf(hour) {
  return `https://datafeed.dukascopy.com/datafeed/EURUSD/2019/01/04/${String(hour).padStart(2, '0')}h_ticks.bi5`;
}

/** The program's own work in a process of its own, whose memory is looked at; the venue is in another. */
async function backfill(recordings, days, progress) {
  progress(`back-filling ${days === 1 ? 'a day' : `${days} days`}`);
  const [venue, worker] = [startProcess('archive'), startProcess('backfill', ['--max-semi-space-size=16'])];
  const database = await openDatabase();
  try {
    const { url } = await venue.ask('open', { recordings, days });
    await worker.ask('open', { clickhouse: database.url, url });
    const memory = [];
    const sampling = { isOn: true };
    const sampled = (async () => {
      while (sampling.isOn) {
        memory.push((await worker.ask('memory')) / 1e6);
        await wait(1_000);
      }
    })();
    const { seconds, code, text } = await worker.ask('run', { days });
    sampling.isOn = false;
    await sampled;
    const [{ rows }] = await database.query('SELECT count() AS rows FROM tick');
    const wanted = DAY_TICKS * days;
    if (code !== 0 || Number(rows) !== wanted)
      throw new Error(`${rows} rows of ${wanted} are stored:\n${text}`);
    return { seconds, rows: Number(rows), memory };
  } finally {
    await worker.stop();
    await venue.stop();
    await database.stop();
  }
}
