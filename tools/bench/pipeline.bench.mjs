import { loadavg } from 'node:os';
import { atLeast, figure } from './rows.mjs';
import { assertStored, withPipeline } from './with-pipeline.mjs';

const AIM = 150_000;
const UNIT = 'events/s';
const RECORDED = 'the recorded mix';
const MIXES = {
  [RECORDED]: ['trade', 'bookTicker', 'depth'],
  'trades only': ['trade'],
};

/** Frames over a loopback WebSocket -> the ingestor -> rows committed in ClickHouse; all of it on this machine. */
export async function run(options) {
  const rows = [];
  const details = [HEADER, '|---|--:|--:|--:|--:|--:|--:|--:|--:|'];
  for (const [mix, streams] of Object.entries(MIXES)) {
    const result = await measure(mix, streams, options);
    const rate = result.events / result.seconds;
    const measured = `${mix}: from the first frame sent to the last row acknowledged`;
    rows.push(mix === RECORDED ? atLeast(measured, rate, UNIT, AIM) : figure(measured, rate, UNIT));
    rows.push(figure(`${mix}: frames`, result.bytes / 1e6 / result.seconds, 'MB/s'));
    rows.push(
      figure(`${mix}: CPU of ingestor and ClickHouse`, perEvent(result.cpu.ours, result), 'µs an event'),
    );
    details.push(line(mix, result));
  }
  return { rows, details: details.join('\n') };
}

function measure(mix, streams, { events, profile, progress, ...options }) {
  return withPipeline({ ...options, streams }, async ({ venue, recorder, database, connect }) => {
    progress(`${mix}: writing ${events.toLocaleString('en-US')} frames`);
    const { bytes } = await venue.ask('prepare', { events });
    await connect();
    if (profile !== undefined) await recorder.ask('profile', { folder: profile, name: `pipeline, ${mix}` });
    const before = { recorder: await recorder.ask('usage'), database: database.cpuSeconds() };
    const load = loadavg()[0];
    progress(`${mix}: playing`);
    const [played, finished] = await Promise.all([venue.ask('playAll'), recorder.ask('finish', { events })]);
    const after = await recorder.ask('usage');
    const ingestor = after.cpu - before.recorder.cpu;
    const clickhouse = database.cpuSeconds() - before.database;
    progress(`${mix}: comparing what was sent with what is stored`);
    await assertStored(database, played, finished);
    const seconds = (finished.finishedAt - played.startedAt) / 1000;
    const cpu = { ingestor, clickhouse, ours: ingestor + clickhouse, venue: played.cpu };
    return { events, bytes, seconds, load, cpu, waited: after.waited - before.recorder.waited };
  });
}

const HEADER =
  '| pipeline, CPU µs an event | events | ingestor | ClickHouse | simulated venue | all | seconds | of them the ingestor waited for a core | load average before |';

function line(mix, result) {
  const { events, seconds, cpu, waited, load } = result;
  const costs = [cpu.ingestor, cpu.clickhouse, cpu.venue, cpu.ours + cpu.venue].map((cost) =>
    perEvent(cost, result).toFixed(2),
  );
  const times = [seconds, waited, load].map((value) => value.toFixed(1));
  return `| ${[mix, events.toLocaleString('en-US'), ...costs, ...times].join(' | ')} |`;
}

function perEvent(cpu, { events }) {
  return (cpu / events) * 1e6;
}
