import { describe, expect, it } from '@jest/globals';
import { FRAME_STREAMS, FRAMES } from './fixtures/frames.js';
import { type FuzzedFrame, fuzzedFrames } from './fixtures/fuzz/fuzzed-frames.js';
import { OutletLog } from './fixtures/outlet-log.js';
import { subscriptionTo } from './fixtures/subscription.js';
import { BinanceSession } from './session.js';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_240_808);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100_000);
const RECEIVED_AT = 1_795_361_400_200_000;

/** A session that is subscribed and whose requests are all answered. */
function subscribedSession(log: OutletLog): BinanceSession {
  const session = new BinanceSession(log);
  session.subscribe(FRAME_STREAMS.map((stream) => subscriptionTo(stream)));
  session.receive(Buffer.from('{"result":null,"id":1}'), RECEIVED_AT);
  return session;
}

/** What is wrong with how a frame was taken; `undefined` when nothing is. */
function wrong({ bytes, isValid }: FuzzedFrame, log: OutletLog): string | undefined {
  const { events, quarantined, rejections, rollOvers, failures } = log;
  if (rejections.length + rollOvers.length + failures.length > 0) return 'taken for a message of the venue';
  if (isValid)
    return events.length === 1 && quarantined.length === 0 ? undefined : 'valid, and not one event';
  if (events.length > 0) return 'invalid, and stored';
  const [kept] = quarantined;
  if (kept === undefined || quarantined.length > 1) return `quarantined ${quarantined.length} times`;
  if (!bytes.equals(kept.frame) || kept.receivedAt !== RECEIVED_AT) return 'not kept as it came';
  return /^[^\p{Cc}]{4,250}$/u.test(kept.reason) ? undefined : `no reason: ${kept.reason}`;
}

describe('bad frames', () => {
  it.each(FRAME_STREAMS)('are told from a good one of %s', (stream) => {
    const log = new OutletLog();
    subscribedSession(log).receive(Buffer.from(FRAMES[stream]), RECEIVED_AT);
    expect(wrong({ bytes: Buffer.from(FRAMES[stream]), isValid: true, mutation: '' }, log)).toBeUndefined();
  });

  it('are each in quarantine with a reason, none stored, none thrown at us', () => {
    const log = new OutletLog();
    const session = subscribedSession(log);
    const counts: Record<string, number> = {};
    const reasons = new Set<string>();
    const started = performance.now();
    let invalid = 0;
    let valid = 0;
    for (const frame of fuzzedFrames(SEED)) {
      log.clear();
      session.receive(frame.bytes, RECEIVED_AT);
      const problem = wrong(frame, log);
      if (problem !== undefined) {
        const shown = frame.bytes.toString('latin1').slice(0, 600);
        throw new Error(`FUZZ_SEED=${SEED}, ${frame.mutation}: ${problem}\n${shown}`);
      }
      counts[frame.mutation] = (counts[frame.mutation] ?? 0) + 1;
      for (const { reason } of log.quarantined) reasons.add(reason);
      if (frame.isValid) valid++;
      else if (++invalid === RUNS) break;
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(
      `fuzzed frames: FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}, ${seconds} s, ${invalid} invalid, ${valid} still valid, ` +
        `${reasons.size} reasons\n${JSON.stringify(counts)}\n`,
    );
    expect(invalid).toBe(RUNS);
    expect(valid).toBeGreaterThan(0);
  }, 300_000);
});
