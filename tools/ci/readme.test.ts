import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type BinanceSimulator, startBinanceSimulator } from '@autotrader/connector-binance/testing';

const root = new URL('../../', import.meta.url).pathname;
const readme = readFileSync(join(root, 'README.md'), 'utf8');
let simulator: BinanceSimulator;
let folder: string;

beforeAll(async () => {
  simulator = await startBinanceSimulator();
  // Inside the workspace, so that the packages are found by their names.
  folder = mkdtempSync(join(root, 'node_modules', '.readme-'));
});

afterAll(async () => {
  await simulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('names only scripts and targets that exist', () => {
  const scripts = Object.keys(json('package.json').scripts ?? {});
  for (const [, script = ''] of readme.matchAll(/npm run ([a-z]+)/g)) expect(scripts).toContain(script);
  for (const [, project = '', target = ''] of readme.matchAll(/npx nx run ([a-z-]+):([a-z]+)/g)) {
    const at = project === 'ingestor' || project === 'backfill' ? 'apps' : 'libs';
    expect(Object.keys(json(`${at}/${project}/package.json`).nx?.targets ?? {})).toContain(target);
  }
});

it('links only to files that exist', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) expect(() => readFileSync(join(root, link))).not.toThrow(/ENOENT/);
});

it('has a library example of five lines that prints ticks, here from the simulator', async () => {
  const example = /```ts\n(import \{ BinanceConnector \}[^]+?\n)```/.exec(readme)?.[1] ?? '';
  expect(
    example
      .trim()
      .split('\n')
      .filter((line) => line !== ''),
  ).toHaveLength(4);
  const { wsUrl, restUrl } = simulator;
  const local = example.replace(
    "streams: ['trade']",
    `streams: ['trade'], wsUrl: '${wsUrl}', restUrl: '${restUrl}'`,
  );
  const file = join(folder, 'example.mts');
  writeFileSync(file, `${local}setTimeout(() => void connector.stop(), 500);\n`);
  const { NODE_OPTIONS: _, ...env } = process.env;
  const node = ['--conditions=@autotrader/source', '--import', 'tsx', file];
  const { stdout } = await promisify(execFile)(process.execPath, node, { cwd: root, env });
  expect(stdout).toMatch(/^(BTC|ETH)\/USDT @ [0-9.]+$/m);
}, 30_000);

interface PackageJson {
  readonly scripts?: Record<string, string>;
  readonly nx?: { readonly targets?: Record<string, unknown> };
}

function json(path: string): PackageJson {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as PackageJson;
}
