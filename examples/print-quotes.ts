// Prints quotes as they happen, from a simulated Oanda. For the real one leave the addresses out and set OANDA_API_KEY and
// OANDA_ACCOUNT_ID.
import { OandaConnector } from '@autotrader/connector-oanda';
import { startOandaSimulator } from '@autotrader/connector-oanda/testing';

const simulator = await startOandaSimulator();
const { url, apiKey, accountId } = simulator;

const connector = new OandaConnector({
  symbols: ['EUR/USD', 'USD/JPY'],
  ...{ apiKey, accountId, streamUrl: url, restUrl: url },
});
connector.on('tick', (tick) => console.log(`${tick.symbol} ${tick.bid ?? '-'} / ${tick.ask ?? '-'}`));
await connector.start();

setTimeout(() => void connector.stop().then(() => simulator.stop()), 1_000);
