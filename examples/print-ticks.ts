// Prints trades as they happen, from a simulated Binance; without `wsUrl` and `restUrl` it is the real one.
import { BinanceConnector } from '@autotrader/connector-binance';
import { startBinanceSimulator } from '@autotrader/connector-binance/testing';

const simulator = await startBinanceSimulator();
const { wsUrl, restUrl } = simulator;

const connector = new BinanceConnector({
  symbols: ['BTCUSDT', 'ETHUSDT'],
  streams: ['trade'],
  wsUrl,
  restUrl,
});
connector.on('tick', (tick) => console.log(`${tick.symbol} @ ${tick.price} ${tick.side} ${tick.size}`));
await connector.start();

setTimeout(() => void connector.stop().then(() => simulator.stop()), 1_000);
