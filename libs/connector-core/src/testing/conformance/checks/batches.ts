import assert from 'node:assert/strict';
import type { Batch } from '../../../batch/batch.js';
import { eventsOf } from '../../../batch/events.js';
import { until } from '../../until.js';
import type { Check } from '../check.js';
import { assertComplete } from '../event-order.js';
import { allBatches } from '../trial.js';

const MANY = 20_000;
/** A connector that does not pause has read that many in less. */
const READ_WITHIN_MS = 300;

/** What a connector puts into batches. */
export const BATCH_CHECKS: readonly Check[] = [
  {
    name: 'puts into batches what it calls back with, equal to it, and flushes the rest when it is stopped',
    async run(trial) {
      const candidate = await trial.started({ bufferSize: 7, flushIntervalMs: 60_000 });
      const batches = allBatches(candidate);
      await trial.receive(candidate, 25);
      await candidate.connector.stop();
      const taken = await batches;
      assert.deepEqual(
        taken.map(({ length }) => length),
        [7, 7, 7, 4],
      );
      assert.deepEqual(
        taken.flatMap((batch) => [...eventsOf(batch)]),
        candidate.recorded.events,
      );
    },
  },
  {
    name: 'slows the venue when the consumer of the batches is slow, and loses nothing',
    async run(trial) {
      const candidate = await trial.started({ bufferSize: 50 });
      const batches = candidate.connector.batches();
      trial.simulator.emit(trial.symbol, MANY);
      await until(() => candidate.connector.snapshot().isPaused, 'back-pressure');
      const pausedAt = performance.now();
      await until(() => performance.now() - pausedAt > READ_WITHIN_MS, 'time enough to read everything');
      assert.ok(candidate.connector.snapshot().bufferedRows < MANY / 2, 'the rest waits at the venue');
      const taken: Batch[] = [];
      let rows = 0;
      while (rows < MANY) {
        const { value } = await batches.next();
        assert.ok(value !== undefined, 'batches go on');
        taken.push(value);
        rows += value.length;
      }
      assertComplete(trial, candidate.recorded.events, MANY);
      assert.equal(
        taken.reduce((sum, { length }) => sum + length, 0),
        MANY,
      );
      assert.equal(candidate.recorded.said('reconnecting'), 0);
      assert.ok(!candidate.connector.snapshot().isPaused, 'it reads again');
    },
  },
];
