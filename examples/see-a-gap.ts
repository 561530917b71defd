// What is missing is an event of its own: the simulator leaves three trades out, the connector says which.
import { BinanceConnector } from '@autotrader/connector-binance';
import { startBinanceSimulator } from '@autotrader/connector-binance/testing';

const simulator = await startBinanceSimulator({ symbols: ['BTCUSDT'] });
const { wsUrl, restUrl } = simulator;

const connector = new BinanceConnector({ symbols: ['BTCUSDT'], streams: ['trade'], wsUrl, restUrl });
const gap = new Promise<void>((resolve) => {
  connector.on('gap', ({ symbol, stream, fromSequence, toSequence, cause }) => {
    console.log(`gap in ${symbol} ${stream}: ids ${fromSequence} to ${toSequence} (${cause})`);
    resolve();
  });
});
connector.on('tick', () => {
  simulator.faults.skipIds('btcusdt@trade', 3);
});
await connector.start();
await gap;

await connector.stop();
await simulator.stop();
