// Stores what a connector hears in a ClickHouse that is started here, and asks it for the volume by symbol.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BinanceConnector } from '@autotrader/connector-binance';
import { startBinanceSimulator } from '@autotrader/connector-binance/testing';
import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { migrate, openStorage } from '@autotrader/storage-clickhouse';

const dataDir = await mkdtemp(join(tmpdir(), 'autotrader-example-'));
const server = await startClickHouse({ dataDir });
await migrate({ url: server.url });
const storage = await openStorage({ url: server.url });

const simulator = await startBinanceSimulator();
const { wsUrl, restUrl } = simulator;
const connector = new BinanceConnector({
  symbols: ['BTCUSDT', 'ETHUSDT'],
  streams: ['trade'],
  wsUrl,
  restUrl,
});
const batches = connector.batches();
await connector.start();
setTimeout(() => void connector.stop(), 2_000);
for await (const batch of batches) await storage.write(batch);

console.log(
  await storage.query('SELECT symbol, count() AS trades, sum(size) AS volume FROM tick GROUP BY symbol'),
);

await storage.close();
await simulator.stop();
await server.stop();
await rm(dataDir, { recursive: true });
