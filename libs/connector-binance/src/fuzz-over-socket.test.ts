import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('./fixtures/fuzz/fuzz-over-socket.ts', import.meta.url));
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_240_808);
const RUNS = 10_000;

it('bad frames over a real socket are rows of quarantine, each with its bytes, and end neither process nor connection', async () => {
  process.stdout.write(`fuzzed frames over a socket: FUZZ_SEED=${SEED}, ${RUNS} frames\n`);
  const command = ['--conditions=@autotrader/source', '--import', 'tsx', SCRIPT, String(SEED), String(RUNS)];
  // Of its own, since an unhandled rejection ends a process, and a test's process does not see its own.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command, { timeout: 110_000 });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    sent: RUNS,
    quarantined: RUNS,
    withoutReason: 0,
    // Of the bytes that were sent, those that are not in quarantine.
    bytes: 0,
    ...{ events: 0, ticks: 0, depths: 0, bars: 0, gaps: 0 },
    reconnects: 0,
    isLive: true,
  });
}, 120_000);
