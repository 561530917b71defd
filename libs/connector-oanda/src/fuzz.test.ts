import { describe, expect, it } from '@jest/globals';
import { OutletLog } from './fixtures/outlet-log.js';
import { fuzzedLines } from './fixtures/fuzzed-lines.js';
import { subscriptionTo } from './fixtures/subscription.js';
import { OandaSession } from './session.js';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_161_027);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100_000);
const RECEIVED_AT = 1_795_385_101_200_000;

describe('bad lines', () => {
  it('are each in quarantine with a reason, none stored, none thrown at us', () => {
    const log = new OutletLog();
    const session = new OandaSession(log);
    session.subscribe([subscriptionTo('EUR_USD')]);
    const reasons = new Set<string>();
    let [invalid, valid] = [0, 0];
    for (const { bytes, mutation, isValid } of fuzzedLines(SEED)) {
      log.clear();
      session.receive(bytes, RECEIVED_AT);
      const shown = `FUZZ_SEED=${SEED}, ${mutation}: ${bytes.toString('latin1').slice(0, 600)}`;
      const [kept] = log.quarantined;
      if (isValid) {
        if (log.quarantined.length > 0)
          throw new Error(`valid, and in quarantine (${kept?.reason}): ${shown}`);
        valid++;
        continue;
      }
      if (log.ticks.length > 0) throw new Error(`invalid, and stored: ${shown}`);
      if (log.quarantined.length !== 1 || kept === undefined)
        throw new Error(`not in quarantine once: ${shown}`);
      if (!bytes.equals(kept.frame)) throw new Error(`not kept as it came: ${shown}`);
      if (!/^[^\p{Cc}]{4,250}$/u.test(kept.reason)) throw new Error(`no reason (${kept.reason}): ${shown}`);
      reasons.add(kept.reason);
      if (++invalid === RUNS) break;
    }
    process.stdout.write(
      `fuzzed lines: FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}, ${invalid} invalid, ${valid} still valid, ${reasons.size} reasons\n`,
    );
    expect(invalid).toBe(RUNS);
    expect(valid).toBeGreaterThan(0);
  }, 300_000);
});
