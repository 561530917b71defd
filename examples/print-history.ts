// Prints quotes of an hour of the past, from a simulated Dukascopy. For the real one leave the address out.
import { eventsOf } from '@autotrader/connector-core';
import { DukascopyHistory } from '@autotrader/connector-dukascopy';
import { startDukascopySimulator } from '@autotrader/connector-dukascopy/testing';
import type { Tick } from '@autotrader/schemas';

const simulator = await startDukascopySimulator({ ticksPerHour: 5 });
const history = new DukascopyHistory({ bi5Url: simulator.url });

const from = Date.UTC(2024, 9, 1, 9) * 1_000;
for await (const hour of history.ticks({ symbol: 'EURUSD', from, to: from + 3_600_000_000 }))
  for (const tick of eventsOf(hour.content) as Iterable<Tick>)
    console.log(
      `${new Date(tick.timestamp / 1_000).toISOString()} ${tick.symbol} ${tick.bid ?? '-'} / ${tick.ask ?? '-'}`,
    );

await simulator.stop();
