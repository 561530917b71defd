import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { registerMetrics } from './metrics/metrics.js';

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');
const readme = await read('../README.md');

/** First cells of the table below a heading, without their marks. */
function firstCells(heading: string): string[] {
  const [, section = ''] = readme.split(`## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^\| `(\w+)` /gm)].map(([, name = '']) => name);
}

describe('the README', () => {
  it('lists every option', async () => {
    const [, body = ''] =
      /interface ConnectorOptions<[^{]*\{([^]*?)\n\}/.exec(await read('connector/options.ts')) ?? [];
    expect(firstCells('Options')).toEqual(
      [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => name),
    );
  });

  it('lists every status', async () => {
    const types = [...(await read('connector/events.ts')).matchAll(/readonly type: '(\w+)'/g)];
    expect(firstCells('Events')).toEqual(types.map(([, type]) => type));
  });

  it('lists every metric', async () => {
    const registry = new Registry();
    registerMetrics(registry, () => {
      throw new Error('nobody scrapes');
    });
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    expect([...firstCells('Metrics')].sort()).toEqual(names.sort());
  });

  it('counts the checks of the conformance suite', async () => {
    const folder = 'testing/conformance/checks/';
    const files = ['events', 'faults', 'lifecycle', 'batches'].map((name) => read(`${folder}${name}.ts`));
    const checks = (await Promise.all(files)).join('').match(/^ {4}name: /gm) ?? [];
    expect(readme).toContain(`${checks.length} checks`);
  });
});
