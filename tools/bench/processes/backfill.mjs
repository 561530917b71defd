/** The back-fill of a bench, in a process of its own. */
import { fileURLToPath } from 'node:url';
import { importInternal } from '../build.mjs';
import { answer } from './answer.mjs';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
let settings;
let run;

answer({
  async open({ clickhouse, url }) {
    ({ run } = await importInternal(projectRoot, 'backfill'));
    settings = {
      clickhouse,
      cache: false,
      symbols: ['EURUSD'],
      baseUrl: url,
      requestsPerSecond: 10_000,
      transport: 'bi5',
    };
    // The tables are there before the clock starts.
    const nothing = { from: '2019-01-01T00:00', to: '2019-01-01T01:00' };
    await run(
      'dukascopy',
      context(nothing, () => undefined),
    );
  },

  async run({ days }) {
    const printed = [];
    const last = new Date(Date.UTC(2019, 1, days)).toISOString().slice(0, 10);
    const started = performance.now();
    const code = await run(
      'dukascopy',
      context({ from: '2019-02-01', to: last }, (text) => printed.push(text)),
    );
    return { seconds: (performance.now() - started) / 1_000, code, text: printed.join('\n') };
  },

  memory: () => process.memoryUsage.rss(),
});

function context(range, print) {
  return {
    settings: { ...settings, ...range },
    secrets: () => undefined,
    signal: new AbortController().signal,
    print,
    progress: {
      update: () => undefined,
      say: (line) => process.stderr.write(`${line}\n`),
      stop: () => undefined,
    },
  };
}
