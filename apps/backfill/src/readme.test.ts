import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { SETTINGS } from './options/settings.js';

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');

it('the README lists every option with what it means', async () => {
  const readme = await read('../README.md');
  const listed = [...readme.matchAll(/^\| `(\w+)` +\| (.*?) +\|$/gm)].map(([, name, meaning]) => [
    name,
    meaning,
  ]);
  expect(listed).toEqual(Object.entries(SETTINGS).map(([name, { description }]) => [name, description]));
});

it('the README names only targets that exist', async () => {
  const { nx } = JSON.parse(await read('../package.json')) as { nx: { targets: object } };
  const named = [...(await read('../README.md')).matchAll(/npx nx run backfill:(\w+)/g)].map(
    ([, target = '']) => target,
  );
  expect(new Set(named)).toEqual(new Set(Object.keys(nx.targets)));
});

it('the job of Kubernetes is a command of ours, its options too', async () => {
  const job = await read('../../../infrastructure/kubernetes/backfill-job.yaml');
  const options = [...job.matchAll(/^ +- --([a-z-]+)=/gm)].map(([, name = '']) =>
    name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );
  const known = Object.keys(SETTINGS);
  expect(options.filter((name) => !known.includes(name))).toEqual([]);
  expect(options.length).toBeGreaterThan(5);
});
