import { Scratch } from './testing/scratch.js';
import { afterEach, describe, expect, it } from '@jest/globals';

const scratch = new Scratch();
afterEach(() => scratch.clean());
const CANARY = 'canary+of/the mine';

describe('a command that ends badly', () => {
  it.each(['throw', 'reject', 'later'])('(%s) says so without its secret, and exits with 1', async (how) => {
    const { code, err, out } = await scratch.program('libs/runtime/src/fixtures/crash.ts', [how, CANARY])
      .ended;
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('unexpected error: Error: https://venue/?key=[redacted] refused');
    expect(err).not.toContain(CANARY);
    expect(err).not.toContain(encodeURIComponent(CANARY));
  });

  it('does not begin where certificates would not be checked', async () => {
    const environment = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const program = scratch.program('libs/runtime/src/fixtures/crash.ts', ['', CANARY], environment);
    const { code, err } = await program.ended;
    expect(code).toBe(1);
    expect(err).toContain(
      'error: NODE_TLS_REJECT_UNAUTHORIZED=0 turns the check of certificates off: unset it',
    );
  });
});
