// Pulls column batches at the consumer's own pace: while it is slow, nothing more is read from the venue.
import { BinanceConnector } from '@autotrader/connector-binance';
import { startBinanceSimulator } from '@autotrader/connector-binance/testing';
import { eventsOf } from '@autotrader/connector-core';

const simulator = await startBinanceSimulator({ market: { eventsPerSecond: 500 } });
const { wsUrl, restUrl } = simulator;

const connector = new BinanceConnector({
  symbols: ['BTCUSDT'],
  streams: ['trade'],
  bufferSize: 100,
  wsUrl,
  restUrl,
});
const batches = connector.batches();
await connector.start();

let batchesLeft = 3;
for await (const batch of batches) {
  if (batch.type === 'tick') console.log(`${batch.length} ticks, last price ${batch.columns.price.at(-1)}`);
  for (const event of eventsOf(batch)) if (batchesLeft === 1) console.log(JSON.stringify(event).slice(0, 80));
  if (--batchesLeft === 0) break;
}
await connector.stop();
await simulator.stop();
