import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

/**
 * What a user gets: the packed libraries, installed by npm in a folder that knows nothing of this workspace. npm
 * takes the other packages (zod, ws, typescript...) from its cache where `npm ci` has left them.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const LIBRARIES = [
  ...['schemas', 'connector-core', 'connector-binance', 'connector-oanda', 'connector-ibkr'],
  ...['connector-dukascopy', 'connector-polygon'],
];
const TICKS = 3;

const user = mkdtempSync(join(tmpdir(), 'autotrader-user-'));

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly main: string;
  readonly types: string;
}

beforeAll(() => {
  run(root, 'npx', 'nx', 'run-many', '--target=build', `--projects=${LIBRARIES.join()}`); // from Nx's cache, if fresh
  const tarballs = LIBRARIES.map((library) => `./${pack(library)}`);
  const { devDependencies } = manifestIn(root) as unknown as { devDependencies: Record<string, string> };
  const tools = ['typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`);
  writeFileSync(join(user, 'package.json'), '{ "private": true }');
  run(user, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs, ...tools);
}, 300_000);

afterAll(() => {
  rmSync(user, { recursive: true, force: true });
});

const body = `
  const simulator = await startBinanceSimulator({ symbols: ['BTCUSDT'] });
  const { wsUrl, restUrl } = simulator;
  const connector = new BinanceConnector({ symbols: ['BTCUSDT'], streams: ['trade'], wsUrl, restUrl });
  let ticks = 0;
  const enough = new Promise((resolve) => {
    connector.on('tick', (tick) => {
      if (ticks < ${TICKS}) console.log(\`\${tick.symbol} @ \${tick.price.toFixed(2)}\`);
      ticks += 1;
      if (ticks === ${TICKS}) resolve(ticks);
    });
  });
  await connector.start();
  await enough;
  await connector.stop();
  await simulator.stop();
`;
const imports = `
import { BinanceConnector } from '@autotrader/connector-binance';
import { startBinanceSimulator } from '@autotrader/connector-binance/testing';
`;
const requires = `
const { BinanceConnector } = require('@autotrader/connector-binance');
const { startBinanceSimulator } = require('@autotrader/connector-binance/testing');
`;
const main = `async function main() {${body}}\n`;

test('a program in ESM prints ticks of the simulator, and ends', () => {
  expectTicks(runProgram('ticks.mjs', `${imports}${body}`));
}, 120_000);

test('the same program in CommonJS prints ticks, and ends', () => {
  expectTicks(runProgram('ticks.cjs', `${requires}${main}main();`));
}, 120_000);

test('the same program passes the compiler, declarations of the packages included, as ESM and as CommonJS', () => {
  const wrong = `\n// @ts-expect-error: symbols are a list\nnew BinanceConnector({ symbols: 1 });\n`;
  writeFileSync(join(user, 'ticks.mts'), `${imports}${body}${wrong}`);
  writeFileSync(join(user, 'ticks.cts'), `${imports}${main}void main();${wrong}`);
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--module',
    'nodenext',
    '--target',
    'es2022',
  ];
  expect(run(user, 'npx', 'tsc', ...options, 'ticks.mts', 'ticks.cts')).toBe('');
}, 120_000);

test('a class is the same class, whichever entry of the package it comes through', () => {
  const program = `
    const { MarketDataConnector } = require('@autotrader/connector-core');
    const { BinanceConnector } = require('@autotrader/connector-binance');
    console.log(BinanceConnector.prototype instanceof MarketDataConnector);
  `;
  expect(runProgram('same.cjs', program)).toBe('true\n');
}, 120_000);

describe.each(LIBRARIES)('the package of %s', (library) => {
  const folder = join(user, 'node_modules/@autotrader', library);

  test('holds every file that its exports name', () => {
    const { exports, main, types } = manifestIn(folder);
    const files = [main, types, ...filesIn(exports)];
    expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  });

  test('holds the built code and what describes it, and nothing else', () => {
    const packed = JSON.parse(run(root, 'npm', 'pack', '--dry-run', '--json', `./libs/${library}`)) as [
      { files: { path: string }[] },
    ];
    const odd = packed[0].files
      .map(({ path }) => path)
      .filter((path) => !/^dist\/.*\.(c?js|d\.c?ts|map)$/.test(path));
    expect(
      odd.filter((path) => !['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'].includes(path)),
    ).toEqual([]);
  });
});

function pack(library: string): string {
  const output = run(root, 'npm', 'pack', '--json', `--pack-destination=${user}`, `./libs/${library}`);
  const [packed] = JSON.parse(output) as [{ filename: string }];
  return packed.filename;
}

function runProgram(name: string, code: string): string {
  writeFileSync(join(user, name), code);
  return run(user, process.execPath, name);
}

function expectTicks(output: string): void {
  const lines = output.trimEnd().split('\n');
  expect(lines).toHaveLength(TICKS);
  for (const line of lines) expect(line).toMatch(/^BTC\/?USDT @ \d+\.\d\d$/);
}

/** Throws what the command said if it fails. */
function run(cwd: string, command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { cwd, env: plainEnvironment(), encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Ours, less what npm, Nx and jest put there for whatever they start. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const theirs = /^(npm_|nx_|jest_|node_options$|force_color$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !theirs.test(name)));
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The files that an `exports` leads to, less the sources, which only this workspace reads. */
function filesIn(target: unknown): string[] {
  if (typeof target === 'string') return [target];
  return Object.entries(target as object).flatMap(([condition, next]) =>
    condition === '@autotrader/source' ? [] : filesIn(next),
  );
}
