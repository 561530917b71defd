import { loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { IbkrConnector } from '@autotrader/connector-ibkr';
import { OandaConnector } from '@autotrader/connector-oanda';
import { startProcess } from './processes/start.mjs';
import { atMost, figure } from './rows.mjs';
import { clockOffset, sharedClock } from './shared-clock.mjs';

const WARM_UP_SECONDS = 3;
const QUIET_MS = 5_000;
const AIM_MS = 5;

const CASES = [
  {
    name: 'OANDA: 50 symbols, 100 ticks/s each',
    ...{ open: 'openOanda', symbols: 50, perSecond: 100 },
    connect: (names, options) => new OandaConnector({ symbols: names, ...options }),
    sentAt: (tick) => tick.timestamp,
  },
  {
    name: 'IBKR: 20 symbols, 1,000 ticks/s each',
    ...{ open: 'openIbkr', symbols: 20, perSecond: 1_000 },
    connect: (names, options) => new IbkrConnector({ symbols: names, streams: ['Last'], ...options }),
    sentAt: (tick, base) => base + tick.size,
  },
];

/** From the moment a simulated venue makes a tick to the call of the `tick` callback, and what memory that takes. */
export async function run({ seconds = 20, progress }) {
  const rows = [];
  const details = [HEADER, '|---|--:|--:|--:|--:|--:|--:|--:|'];
  for (const each of CASES) {
    progress(`${each.name}: ${WARM_UP_SECONDS + seconds} s`);
    const result = await measure(each, seconds);
    rows.push(figure(`${each.name}: p50 to the tick callback`, result.p50, 'ms'));
    rows.push(atMost(`${each.name}: p99 to the tick callback`, result.p99, 'ms', AIM_MS));
    rows.push(figure(`${each.name}: most resident memory`, result.memory, 'MB'));
    details.push(line(each.name, result));
  }
  return { rows, details: details.join('\n') };
}

async function measure({ open, symbols, perSecond, connect, sentAt }, seconds) {
  const venue = startProcess('quotes');
  const offset = clockOffset();
  const now = sharedClock(offset);
  const base = now();
  const load = loadavg()[0];
  try {
    const { names, options } = await venue.ask(open, { symbols, offset, base });
    const connector = connect(names, options);
    const length = WARM_UP_SECONDS + seconds;
    const micros = new Float64Array(symbols * perSecond * length);
    let [count, ticks] = [0, 0];
    const from = now() + WARM_UP_SECONDS * 1e6;
    connector.on('tick', (tick) => {
      ticks++;
      const at = sentAt(tick, base);
      if (at >= from) micros[count++] = now() - at;
    });
    await connector.start();
    let memory = 0;
    const sampling = setInterval(() => (memory = Math.max(memory, process.memoryUsage.rss())), 500);
    const { sent, seconds: took } = await venue.ask('send', { perSecond, seconds: length });
    for (let last = -1; ticks < sent && ticks !== last; await wait(QUIET_MS)) last = ticks;
    clearInterval(sampling);
    const { quarantined } = connector.snapshot();
    await connector.stop();
    if (ticks !== sent || quarantined > 0)
      throw new Error(`${sent} sent, ${ticks} came, ${quarantined} in quarantine`);
    return { ...percentiles(micros.subarray(0, count)), memory: memory / 1e6, rate: sent / took, load };
  } finally {
    await venue.ask('stop').catch(() => undefined);
    await venue.stop();
  }
}

/** In milliseconds. */
function percentiles(micros) {
  const sorted = micros.toSorted();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] / 1000;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}

const HEADER =
  '| venues, latency in ms | ticks/s | ticks measured | p50 | p99 | p99.9 | most | load average before |';

function line(name, { rate, count, p50, p99, p999, max, load }) {
  const whole = [rate, count].map((value) => Math.round(value).toLocaleString('en-US'));
  return `| ${[name, ...whole, ...[p50, p99, p999, max, load].map((value) => value.toFixed(2))].join(' | ')} |`;
}
