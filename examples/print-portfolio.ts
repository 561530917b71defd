// Prints positions beside the trades of a stock, from a simulated TWS. For the real one leave `host` and `port` out, log in to
// TWS or IB Gateway, and enable its API.
import { IbkrConnector } from '@autotrader/connector-ibkr';
import { startTwsSimulator } from '@autotrader/connector-ibkr/testing';

const tws = await startTwsSimulator();
tws.portfolio.position('DU1234567', 'AAPL', 100, 250.5);

const { host, port } = tws;
const connector = new IbkrConnector({ symbols: ['AAPL'], streams: ['Last'], host, port });
connector.on('tick', (tick) => console.log(`${tick.symbol} @ ${tick.price}`));
await connector.start();

setTimeout(() => void connector.stop().then(() => tws.stop()), 1_000);
for await (const { account, size, contract, averageCost } of connector.positions())
  console.log(`${account} ${size} ${contract.symbol} at ${averageCost}`);
