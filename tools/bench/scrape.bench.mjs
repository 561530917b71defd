import { BinanceConnector } from '@autotrader/connector-binance';
import { startBinanceSimulator } from '@autotrader/connector-binance/testing';
import { registerStorageMetrics } from '@autotrader/storage-clickhouse';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { atMost, figure } from './rows.mjs';

const SYMBOLS = 500;
const SCRAPES = 200;
const AIM_MS = 20;

/** How long a scrape holds up the event loop: all of it is computed in one turn, since nothing in it waits. */
export async function run({ progress }) {
  progress(`${SYMBOLS} symbols, ${SCRAPES} scrapes`);
  const symbols = Array.from({ length: SYMBOLS }, (_, number) => `S${String(number).padStart(3, '0')}USDT`);
  const venue = await startBinanceSimulator({ symbols, market: { paused: true } });
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  registerStorageMetrics(registry);
  const { wsUrl, restUrl } = venue;
  const streams = ['trade', 'bookTicker', 'depth20'];
  const connector = new BinanceConnector({ symbols, streams, wsUrl, restUrl, registry });
  try {
    await connector.start();
    venue.market.advance(2_000);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const events = connector.snapshot().streams.reduce((sum, stream) => sum + stream.events, 0);
    if (events < SYMBOLS) throw new Error(`only ${events} events came in`);
    const times = [];
    let lines = 0;
    for (let scrape = 0; scrape < SCRAPES; scrape++) {
      await new Promise(setImmediate);
      const started = performance.now();
      const text = await registry.metrics();
      times.push(performance.now() - started);
      lines = text.split('\n').length;
    }
    times.sort((one, other) => one - other);
    return {
      rows: [
        figure(`${SYMBOLS} symbols, ${SYMBOLS * streams.length} streams: lines of a scrape`, lines, ''),
        figure('a scrape holds up the event loop: median', times[SCRAPES / 2], 'ms'),
        atMost('a scrape holds up the event loop: longest of 200', times.at(-1), 'ms', AIM_MS),
      ],
    };
  } finally {
    await connector.stop();
    await venue.stop();
  }
}
