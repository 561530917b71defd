/**
 * Everything that must hold: format, types, lint, build, tests, in this order, and the first that fails ends it.
 * Arguments go to jest: `npm test -- libs/schemas`. The last line is `N passed, N failed[, N skipped]`, of tests;
 * a step that fails before the tests counts as one failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'autotrader-test-'));
const results = join(folder, 'jest.json');

const steps = [
  ['format', 'prettier', '--check', '--log-level=warn', '.'],
  ['types', 'tsc', '--build'],
  // Types were looked at the step before.
  ['lint', 'nx', 'run-many', '--target=lint', '--excludeTaskDependencies'],
  ['build', 'nx', 'run-many', '--target=build'],
];
const workers = Math.max(2, availableParallelism() - 1);
const tests = [
  'tests',
  'jest',
  `--maxWorkers=${workers}`,
  '--json',
  `--outputFile=${results}`,
  ...process.argv.slice(2),
];

try {
  const broken = steps.find((step) => !succeeds(step));
  const passed = broken === undefined && succeeds(tests);
  const counts = broken === undefined ? countsOf(results, passed) : { passed: 0, failed: 1, skipped: 0 };
  if (broken !== undefined) console.error(`\n${broken[0]} failed: ${broken.slice(1).join(' ')}`);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  process.exitCode = passed ? 0 : 1;
  console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function succeeds([name, command, ...args]) {
  console.log(`\n== ${name}: ${command} ${args.join(' ')}`);
  const started = performance.now();
  const { status } = spawnSync(join(root, 'node_modules/.bin', command), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      ...(command === 'nx' && !process.stdout.isTTY && { FORCE_COLOR: '0' }), // unless told, Nx colours always
    },
  });
  console.log(`== ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return status === 0;
}

/** A suite that cannot be run has no tests to count and is one failure; so is a jest that ends badly without a word. */
function countsOf(file, passed) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: passed ? failed : Math.max(1, failed),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
