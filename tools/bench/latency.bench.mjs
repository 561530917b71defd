import { loadavg } from 'node:os';
import { atMost, figure } from './rows.mjs';
import { clockOffset, sharedClock } from './shared-clock.mjs';
import { assertStored, withPipeline } from './with-pipeline.mjs';

const RATE = 10_000;
const WARM_UP_SECONDS = 5;
const AIM_MS = 5;
const STREAMS = ['trade', 'bookTicker', 'depth'];
const CASES = [
  { name: 'while storing', stored: true },
  { name: 'connector alone', stored: false },
];

/** From the moment the simulated venue hands a message to its socket to the call of the `tick` callback. */
export async function run({ seconds = 30, ...options }) {
  const rows = [];
  const details = [HEADER, '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|'];
  for (const { name, stored } of CASES) {
    const result = await measure(name, stored, seconds, options);
    const measured = `${name}: p99 to the tick callback at ${RATE.toLocaleString('en-US')} messages/s`;
    const { p99 } = result.latencies;
    rows.push(stored ? atMost(measured, p99, 'ms', AIM_MS) : figure(measured, p99, 'ms'));
    details.push(line(name, result));
  }
  return { rows, details: details.join('\n') };
}

function measure(name, stored, seconds, { profile, progress, ...options }) {
  const where = { ...options, streams: STREAMS, stored };
  return withPipeline(where, async ({ venue, recorder, database, connect }) => {
    await connect();
    const length = WARM_UP_SECONDS + seconds;
    const offset = clockOffset();
    const from = sharedClock(offset)() + WARM_UP_SECONDS * 1e6;
    await recorder.ask('measureLatency', { offset, from, most: RATE * length });
    if (profile !== undefined) await recorder.ask('profile', { folder: profile, name: `latency, ${name}` });
    const before = await recorder.ask('usage');
    const load = loadavg()[0];
    progress(`${name}: ${length} s`);
    const played = await venue.ask('sendStamped', { rate: RATE, seconds: length, offset });
    const finished = await recorder.ask('finish', { events: played.events });
    const after = await recorder.ask('usage');
    if (stored) await assertStored(database, played, finished);
    const cpu = { ingestor: after.cpu - before.cpu, venue: played.cpu };
    return {
      ...finished,
      cpu,
      rate: played.events / played.seconds,
      load,
      waited: after.waited - before.waited,
    };
  });
}

const HEADER =
  '| latency, ms | messages/s | ticks measured | p50 | p99 | p99.9 | most | ingestor, CPU µs a message | simulated venue | seconds the ingestor waited for a core | load average before |';

function line(name, { latencies, cpu, events, rate, waited, load }) {
  const { count, p50, p99, p999, max } = latencies;
  const whole = [rate, count].map((value) => Math.round(value).toLocaleString('en-US'));
  const costs = [cpu.ingestor, cpu.venue].map((seconds) => (seconds / events) * 1e6);
  const cells = [p50, p99, p999, max, ...costs, waited, load].map((value) => value.toFixed(2));
  return `| ${[name, ...whole, ...cells].join(' | ')} |`;
}
