import assert from 'node:assert/strict';
import { until } from '../../until.js';
import type { Check } from '../check.js';
import { assertComplete } from '../event-order.js';

/** What keeps the process alive: sockets and timers. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'Timeout')
    .length;
}

/** How a connector begins, changes and ends. */
export const LIFECYCLE_CHECKS: readonly Check[] = [
  {
    name: 'subscribes and unsubscribes while it runs',
    async run(trial) {
      const candidate = await trial.started();
      await candidate.connector.subscribe([trial.otherSymbol]);
      trial.simulator.emit(trial.otherSymbol, 2);
      await until(() => candidate.recorded.events.length === 2, 'events of the new symbol');
      await candidate.connector.unsubscribe([trial.symbol]);
      trial.simulator.emit(trial.symbol, 2);
      trial.simulator.emit(trial.otherSymbol, 1);
      await until(() => candidate.recorded.events.length === 3, 'another event of the new symbol');
      const symbols = new Set(candidate.recorded.events.map(({ venueSymbol }) => venueSymbol));
      assert.deepEqual([...symbols], [trial.otherSymbol]);
      assert.deepEqual(candidate.recorded.errors, []);
      assert.deepEqual(candidate.recorded.gaps, []);
    },
  },
  {
    name: 'counts a callback that throws and goes on',
    async run(trial) {
      const candidate = await trial.started();
      const fail = (): never => {
        throw new Error('a bug of the user');
      };
      candidate.connector.on('tick', fail).on('depth', fail).on('bar', fail);
      await trial.receive(candidate, 3);
      assertComplete(trial, candidate.recorded.events, 3);
      assert.equal(candidate.connector.snapshot().callbackErrors, 3);
    },
  },
  {
    name: 'stops with nothing left open, and calls back no more',
    async run(trial) {
      const before = handles();
      const candidate = await trial.started();
      await trial.receive(candidate, 2);
      trial.simulator.emit(trial.symbol, 2);
      await candidate.connector.stop();
      trial.simulator.emit(trial.symbol, 2);
      await until(() => handles() <= before, 'no socket and no timer left');
      assertComplete(trial, candidate.recorded.events, 2);
      assert.equal(candidate.recorded.statuses.at(-1)?.type, 'stopped');
      assert.deepEqual(candidate.recorded.gaps, []);
    },
  },
  {
    name: 'stops while it starts, with nothing left open',
    async run(trial) {
      const before = handles();
      trial.simulator.setAnswering(false);
      const { connector, recorded } = trial.candidate();
      const refused = assert.rejects(connector.start(), ({ name }: Error) => name === 'TransportError');
      await until(() => recorded.said('connecting') > 0, 'a connection');
      await connector.stop();
      await refused;
      await until(() => handles() <= before, 'no socket and no timer left');
    },
  },
];
