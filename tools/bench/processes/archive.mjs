/** Dukascopy's side of a bench, in a process of its own: the recorded day, for as many days as are wanted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDukascopySimulator } from '@autotrader/connector-dukascopy/testing';
import { answer } from './answer.mjs';

let simulator;

answer({
  async open({ recordings, days }) {
    simulator = await startDukascopySimulator({ ticksPerHour: 0 });
    for (let hour = 0; hour < 24; hour++) {
      const name = `${String(hour).padStart(2, '0')}h_ticks.bi5`;
      const bytes = readFileSync(join(recordings, 'dukascopy/ticks', name));
      for (let day = 0; day < days; day++) {
        const date = new Date(Date.UTC(2019, 1, 1 + day));
        const month = String(date.getUTCMonth()).padStart(2, '0');
        simulator.serve(
          `/datafeed/EURUSD/2019/${month}/${String(date.getUTCDate()).padStart(2, '0')}/${name}`,
          bytes,
        );
      }
    }
    return { url: simulator.url };
  },
  stop: () => simulator?.stop(),
});
