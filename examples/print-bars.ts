// Prints the days of a week, from a simulated Polygon. For the real one leave the address out and set POLYGON_API_KEY.
import { PolygonHistory } from '@autotrader/connector-polygon';
import { startPolygonSimulator } from '@autotrader/connector-polygon/testing';

const simulator = await startPolygonSimulator();
const history = new PolygonHistory({ baseUrl: simulator.url, apiKey: simulator.apiKey });

const [from, to] = [Date.UTC(2024, 0, 2, 5) * 1_000, Date.UTC(2024, 0, 6, 5) * 1_000];
for await (const bars of history.history({ symbol: 'AAPL', interval: '1d', from, to }))
  for (const bar of bars)
    console.log(
      `${new Date(bar.openTime / 1_000).toISOString().slice(0, 10)} ${bar.symbol} ${bar.open} to ${bar.close}`,
    );

await simulator.stop();
