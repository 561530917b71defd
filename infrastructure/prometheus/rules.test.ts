import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { describeWith } from '../testing/index.js';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');
const run = promisify(execFile);

async function alerts(): Promise<Rule[]> {
  const { groups } = parse(await read('rules/alerts.yml')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

describe('the alerts', () => {
  it('say how urgent they are, what is the matter, and where the runbook is', async () => {
    const operations = await read('../../docs/operations.md');
    const sections = [...operations.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase());
    for (const { alert = '', labels, annotations } of await alerts()) {
      expect([alert, ['page', 'ticket', 'none'].includes(labels?.['severity'] ?? '')]).toEqual([alert, true]);
      expect([alert, annotations]).toEqual([
        alert,
        {
          summary: expect.any(String),
          description: expect.any(String),
          runbook: `docs/operations.md#${alert.toLowerCase()}`,
        },
      ]);
      expect(sections).toContain(alert.toLowerCase());
    }
  });

  it('are each tested', async () => {
    const tests = (await read('rule-tests/alerts.yml')) + (await read('rule-tests/markets.yml'));
    const names = (await alerts()).map(({ alert }) => alert);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      const ofIt = tests.split(`alertname: ${name}\n`).slice(1);
      expect([name, ofIt.some((test) => /^.*\n\s+exp_alerts:\n/.test(test))]).toEqual([name, true]);
    }
  });
});

describeWith(['promtool', 'amtool'], 'Prometheus itself', () => {
  it('takes the configuration, the rules and the routes', async () => {
    await run('promtool', ['check', 'config', 'prometheus.yml'], { cwd: here });
    await run(
      'promtool',
      ['check', 'rules', '--lint=all', '--lint-fatal', 'rules/alerts.yml', 'rules/recording.yml'],
      { cwd: here },
    );
    await run('amtool', ['check-config', 'alertmanager.yml'], { cwd: here });
  });

  it('fires the alerts when they are due, and not before', async () => {
    const { stdout } = await run('promtool', ['test', 'rules', 'alerts.yml', 'markets.yml'], {
      cwd: `${here}rule-tests`,
    });
    expect(stdout.match(/SUCCESS/g)).toHaveLength(2);
  });
});
