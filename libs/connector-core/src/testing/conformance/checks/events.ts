import assert from 'node:assert/strict';
import { MarketEvent } from '@autotrader/schemas';
import { until } from '../../until.js';
import type { Check } from '../check.js';
import { assertComplete } from '../event-order.js';

const COUNT = 20;
/** Microseconds of 2001 and of 2286: what lies between has 16 digits, so seconds and milliseconds do not. */
const [EARLIEST, LATEST] = [1e15, 1e16];
const OUR_CLOCK_STEP_MICROS = 10_000;

/** What the events of a connector are like. */
export const EVENT_CHECKS: readonly Check[] = [
  {
    name: 'starts when the venue has agreed, and calls back with every event once and in order',
    async run(trial) {
      const candidate = await trial.started();
      assert.equal(candidate.recorded.said('live'), 1);
      assert.ok(candidate.connector.snapshot().isLive);
      await trial.receive(candidate, COUNT);
      assertComplete(trial, candidate.recorded.events, COUNT);
      assert.deepEqual(candidate.recorded.gaps, []);
      assert.deepEqual(candidate.recorded.errors, []);
    },
  },
  {
    name: 'makes events that the schema accepts as they are, and spends no time on freezing them',
    async run(trial) {
      const candidate = await trial.started();
      await trial.receive(candidate, COUNT);
      for (const event of candidate.recorded.events) {
        assert.deepEqual(MarketEvent.parse(event), event);
        assert.ok(!Object.isFrozen(event));
      }
    },
  },
  {
    name: 'tells times in whole microseconds, and stamps each frame with our clock',
    async run(trial) {
      const candidate = await trial.started();
      const before = Date.now() * 1000 - OUR_CLOCK_STEP_MICROS;
      await trial.receive(candidate, COUNT);
      const after = Date.now() * 1000 + OUR_CLOCK_STEP_MICROS;
      for (const { timestamp, receivedAt } of candidate.recorded.events) {
        assert.ok(Number.isSafeInteger(timestamp) && Number.isSafeInteger(receivedAt), 'whole microseconds');
        assert.ok(
          timestamp > EARLIEST && timestamp < LATEST,
          `${timestamp} are microseconds since the epoch`,
        );
        assert.ok(receivedAt >= before && receivedAt <= after, `${receivedAt} is when the frame came`);
      }
    },
  },
  {
    name: 'names venue, stream and instrument in one way, whichever name it was asked by',
    async run(trial) {
      const [{ symbol, venueSymbol }] = trial.venue.instruments;
      assert.match(symbol, /^[A-Z0-9.-]+(\/[A-Z0-9.-]+)?$/, 'a canonical symbol');
      for (const name of [symbol, venueSymbol]) {
        const candidate = await trial.started({ symbols: [name] });
        await trial.receive(candidate, 1);
        const [event] = candidate.recorded.events;
        const found = [event?.venue, event?.stream, event?.symbol, event?.venueSymbol];
        assert.deepEqual(found, [trial.venue.name, trial.venue.stream, symbol, venueSymbol]);
        await candidate.connector.stop();
      }
    },
  },
  {
    name: 'states ids that were jumped over as a gap, to the id',
    needsContiguousIds: true,
    async run(trial) {
      const candidate = await trial.started();
      await trial.receive(candidate, 2);
      trial.simulator.skip(trial.symbol, 3);
      await trial.receive(candidate, 2);
      const { events, gaps } = candidate.recorded;
      assert.equal(gaps.length, 1, 'one gap');
      assert.equal(gaps[0]?.cause, 'SEQUENCE');
      assert.equal(gaps[0].fromSequence, (events[1]?.sequenceId ?? NaN) + 1);
      const next = events[2];
      const nextId = next?.type === 'depth' ? (next.firstSequenceId ?? next.sequenceId) : next?.sequenceId;
      assert.equal(gaps[0].toSequence, (nextId ?? NaN) - 1);
      assert.deepEqual([gaps[0].fromTime, gaps[0].toTime], [events[1]?.timestamp, next?.timestamp]);
    },
  },
  {
    name: 'drops what comes twice, and counts it',
    needsContiguousIds: true,
    async run(trial) {
      const candidate = await trial.started();
      await trial.receive(candidate, 2);
      trial.simulator.repeat(trial.symbol);
      await trial.receive(candidate, 2);
      assertComplete(trial, candidate.recorded.events, 4);
      assert.equal(candidate.connector.snapshot().streams[0]?.duplicates, 1);
    },
  },
  {
    name: 'puts a frame that it does not know into quarantine with its bytes and a reason, and goes on',
    async run(trial) {
      const seen: Uint8Array[] = [];
      const onQuarantine = (_reason: string, frame: Uint8Array): void => {
        seen.push(Uint8Array.from(frame));
      };
      const candidate = await trial.started({ onQuarantine });
      await trial.receive(candidate, 1);
      trial.simulator.sendRaw(trial.venue.badFrame);
      await until(() => candidate.recorded.errors.length === 1, 'an error');
      await trial.receive(candidate, 1);
      assertComplete(trial, candidate.recorded.events, 2);
      assert.equal(candidate.recorded.errors[0]?.kind, 'parse');
      assert.notEqual(candidate.recorded.errors[0].message, '');
      assert.deepEqual(seen, [Uint8Array.from(trial.venue.badFrame)]);
      assert.equal(candidate.connector.snapshot().quarantined, 1);
      assert.equal(candidate.recorded.said('reconnecting'), 0);
    },
  },
];
