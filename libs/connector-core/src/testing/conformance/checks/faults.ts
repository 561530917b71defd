import assert from 'node:assert/strict';
import { until } from '../../until.js';
import type { Check } from '../check.js';
import { assertComplete } from '../event-order.js';
import { allBatches } from '../trial.js';

/** What a connector does when the venue or the way to it fails. */
export const FAULT_CHECKS: readonly Check[] = [
  {
    name: 'connects again when it was cut off, and states what it missed as a gap, an event and a row',
    async run(trial) {
      const candidate = await trial.started();
      const batches = allBatches(candidate);
      await trial.receive(candidate, 2);
      trial.simulator.cut();
      trial.simulator.skip(trial.symbol, 2);
      await until(() => candidate.recorded.said('live') === 2, 'live again');
      await trial.receive(candidate, 2);
      await candidate.connector.stop();
      const { gaps } = candidate.recorded;
      assert.deepEqual(
        gaps.map(({ cause, symbol }) => [cause, symbol]),
        [['DISCONNECT', trial.venue.instruments[0].symbol]],
      );
      assert.ok((gaps[0]?.fromTime ?? NaN) <= (gaps[0]?.toTime ?? NaN), 'it begins before it ends');
      assert.equal(gaps[0]?.toSequence !== undefined, trial.venue.sequence === 'contiguous');
      const rows = (await batches).flatMap((batch) => (batch.type === 'gap' ? batch.rows : []));
      assert.deepEqual(rows, gaps);
      assert.equal(candidate.connector.snapshot().reconnects, 1);
    },
  },
  {
    name: 'takes a connection for dead that is open and silent, and makes another',
    async run(trial) {
      const candidate = await trial.started({ limits: { silenceMs: 200 } });
      await trial.receive(candidate, 1);
      trial.simulator.fallSilent();
      await until(() => candidate.recorded.said('reconnecting') > 0, 'the end of the silent connection');
      await until(() => candidate.connector.snapshot().isLive, 'live again');
      await trial.receive(candidate, 1);
    },
  },
  {
    name: 'makes another connection when the venue never answers a subscription',
    async run(trial) {
      trial.simulator.setAnswering(false);
      const candidate = trial.candidate({ limits: { answerWithinMs: 100 } });
      const starting = candidate.connector.start();
      await until(() => candidate.recorded.said('reconnecting') > 1, 'two connections given up');
      trial.simulator.setAnswering(true);
      await starting;
      await trial.receive(candidate, 2);
      assertComplete(trial, candidate.recorded.events, 2);
    },
  },
  {
    name: 'goes on with the good symbols when one is unknown, and ends in one line when all are',
    async run(trial) {
      const { unknownSymbol } = trial.venue;
      const candidate = await trial.started({ symbols: [unknownSymbol, trial.symbol] });
      assert.deepEqual(
        candidate.recorded.errors.map(({ kind, retryable }) => [kind, retryable]),
        [['rejected', false]],
      );
      assert.match(candidate.recorded.errors[0]?.message ?? '', new RegExp(escaped(unknownSymbol)));
      await trial.receive(candidate, 2);
      const { connector } = trial.candidate({ symbols: [unknownSymbol] });
      await assert.rejects(connector.start(), ({ name, message }: Error) => {
        assert.equal(name, 'RejectedError');
        assert.ok(message.includes(unknownSymbol) && !message.includes('\n'), message);
        return true;
      });
    },
  },
  {
    name: 'replaces a connection before it is too old, and neither loses nor doubles an event',
    needsRollover: true,
    async run(trial) {
      const candidate = await trial.started({ limits: { connectionLifetimeMs: 150 } });
      let count = 0;
      const emit = (events: number): void => {
        trial.simulator.emit(trial.symbol, events);
        count += events;
      };
      // At these moments one connection begins and the other ends, so what is sent just then is on its way.
      candidate.connector.on('status', ({ type }) => {
        if (type === 'rollover' || type === 'live') emit(20);
      });
      await until(() => {
        emit(1);
        return candidate.recorded.said('rollover') > 2;
      }, 'three rollovers');
      await until(() => candidate.recorded.events.length >= count, 'every event');
      assertComplete(trial, candidate.recorded.events, count);
      assert.deepEqual(candidate.recorded.gaps, []);
      assert.equal(candidate.connector.snapshot().reconnects, 0);
    },
  },
];

function escaped(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}
