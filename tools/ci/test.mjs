/**
 * Everything that must hold: format and types, lint beside them, build, tests; what fails ends it.
 * Arguments go to jest: `npm test -- libs/schemas`. The last line is `N passed, N failed[, N skipped]`, of tests;
 * a step that fails before the tests counts as one failure.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'autotrader-test-'));
const results = join(folder, 'jest.json');

const steps = {
  format: ['prettier', '--check', '--log-level=warn', '.'],
  types: ['tsc', '--build'],
  // Lint knows the boundaries between projects by the graph that Nx has kept; without one it looks at none.
  graph: ['nx', 'graph', `--file=${join(folder, 'graph.json')}`],
  // As `npm run lint`, in one process, which reads the types of all projects once.
  lint: ['eslint', '--max-warnings=0', '.'],
  build: ['nx', 'run-many', '--target=build'],
};
// Tests wait for servers, processes and browsers: one more than there are cores keeps these busy.
const workers = availableParallelism() + 1;
const tests = [
  'jest',
  `--maxWorkers=${workers}`,
  '--json',
  `--outputFile=${results}`,
  ...process.argv.slice(2),
];

try {
  const broken = await firstBroken();
  const passed = broken === undefined && (await succeeds('tests', tests, 'inherit'));
  const counts = broken === undefined ? countsOf(results, passed) : { passed: 0, failed: 1, skipped: 0 };
  if (broken !== undefined) console.error(`\n${broken} failed: ${steps[broken].join(' ')}`);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  process.exitCode = passed ? 0 : 1;
  console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Each of these chains uses one core. @returns the name of a step that failed. */
async function firstBroken() {
  const chains = await Promise.all([inOrder('format', 'types', 'build'), inOrder('graph', 'lint')]);
  return chains.find((broken) => broken !== undefined);
}

async function inOrder(...names) {
  for (const name of names) if (!(await succeeds(name, steps[name], 'pipe'))) return name;
  return undefined;
}

/** @param output `pipe`: what it says is shown when it has ended, so that two at once do not mix. */
async function succeeds(name, [command, ...args], output) {
  const started = performance.now();
  const heading = `\n== ${name}: ${command} ${args.join(' ')}\n`;
  if (output === 'inherit') process.stdout.write(heading);
  const child = spawn(join(root, 'node_modules/.bin', command), args, {
    cwd: root,
    stdio: ['ignore', output, output],
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      ...(command === 'nx' && !process.stdout.isTTY && { FORCE_COLOR: '0' }), // unless told, Nx colours always
    },
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  const [status] = await once(child, 'close');
  if (output === 'pipe') process.stdout.write(heading + Buffer.concat(said).toString('utf8'));
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
