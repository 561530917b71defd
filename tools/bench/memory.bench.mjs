import { loadavg } from 'node:os';
import { atMost } from './rows.mjs';
import { slope } from './slope.mjs';
import { assertStored, withPipeline } from './with-pipeline.mjs';

const RATE = 20_000;
const WARM_UP_SECONDS = 10;
const AIM_MB = 200;
/** What "flat" means here. */
const FLAT_MB_A_MINUTE = 5;
const STREAMS = ['trade', 'bookTicker', 'depth'];

/** Resident memory of the ingestor while it stores 20,000 messages a second of the recorded mix. */
export function run({ seconds = 60, profile, progress, ...options }) {
  return withPipeline({ ...options, streams: STREAMS }, async ({ venue, recorder, database, connect }) => {
    await connect();
    if (profile !== undefined) await recorder.ask('profile', { folder: profile, name: 'memory' });
    const load = loadavg()[0];
    const length = WARM_UP_SECONDS + seconds;
    progress(`${length} s`);
    await recorder.ask('sampleMemory');
    const played = await venue.ask('sendEvenly', { rate: RATE, seconds: length });
    const finished = await recorder.ask('finish', { events: played.events });
    await assertStored(database, played, finished);
    const samples = finished.memory.slice(WARM_UP_SECONDS, length).map((bytes) => bytes / 1e6);
    const growth = slope(samples) * 60;
    const name = `most resident memory of the ingestor in ${seconds} s at ${RATE.toLocaleString('en-US')} messages/s`;
    return {
      rows: [
        atMost(name, Math.max(...samples), 'MB', AIM_MB),
        atMost('its growth or shrinking (least squares)', Math.abs(growth), 'MB/min', FLAT_MB_A_MINUTE),
      ],
      details: details({ samples, growth, rate: played.events / played.seconds, load }),
    };
  });
}

function details({ samples, growth, rate, load }) {
  const memory = [samples[0], samples.at(-1), Math.min(...samples), Math.max(...samples), growth, load];
  const cells = [
    Math.round(rate).toLocaleString('en-US'),
    samples.length,
    ...memory.map((value) => value.toFixed(1)),
  ];
  return [
    '| memory, MB | messages/s | samples | first | last | least | most | growth a minute | load average before |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    `| resident set of the ingestor | ${cells.join(' | ')} |`,
  ].join('\n');
}
