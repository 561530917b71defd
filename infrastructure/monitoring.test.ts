import { execFileSync } from 'node:child_process';
import { type HeldDemo, holdDemo } from '@autotrader/ingestor/demo';
import { Scratch, until } from '@autotrader/runtime/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { dashboards } from './grafana/dashboards.js';
import { panelsOf, promQlOf, sqlOf } from './grafana/queries.js';
import { describeWith, Monitoring } from './testing/index.js';

const LONG_MS = 90_000;
const panels = Object.values(dashboards()).flatMap(panelsOf);
const scratch = new Scratch();

/** The demo, and what watches it. */
describeWith(['prometheus', 'promtool', 'prometheus-alertmanager'], 'the demo under Prometheus', () => {
  let demo: HeldDemo;
  let monitoring: Monitoring;

  beforeAll(async () => {
    demo = await holdDemo();
    // A feed is silent sooner here; everything else is as it stands.
    const sooner = (rules: string): string => rules.replace('> 120', '> 3').replace('for: 1m', 'for: 1s');
    const targets = { ingestor: new URL(demo.httpUrl).host };
    monitoring = await Monitoring.start(await scratch.folder(), targets, sooner);
  }, LONG_MS);

  afterAll(async () => {
    await monitoring?.stop();
    const { isComplete } = await demo.end();
    await scratch.clean();
    expect(isComplete).toBe(true);
  }, LONG_MS);

  const heard = (alert: string, status: string, labels: Readonly<Record<string, string>> = {}): boolean =>
    monitoring.alerts.some(
      (each) =>
        each.status === status &&
        Object.entries({ alertname: alert, ...labels }).every(([name, value]) => each.labels[name] === value),
    );

  it('has metrics that promtool finds nothing wrong with', async () => {
    const input = await (await fetch(`${demo.httpUrl}/metrics`)).text();
    expect(execFileSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' })).toBe('');
  });

  it(
    'answers every question of the dashboards with data',
    async () => {
      for (const expr of panels.flatMap(promQlOf)) {
        const filled = expr.replaceAll('$__rate_interval', '10s').replaceAll(/\$(instance|venue)/g, '.*');
        await until(filled, async () =>
          (await monitoring.query(filled)).some(({ value: [, value] }) => Number.isFinite(Number(value))),
        );
      }
    },
    LONG_MS,
  );

  it(
    'wakes somebody when a venue falls silent, and says when it speaks again',
    async () => {
      await until('the watchdog', () => heard('Watchdog', 'firing'));
      const venue = demo.venues.find(({ name }) => name === 'BINANCE');
      const trades = { venue: 'BINANCE', stream: 'trade', severity: 'page' };
      expect(heard('FeedSilent', 'firing')).toBe(false);
      venue?.pause();
      await until('the alert', () => heard('FeedSilent', 'firing', trades));
      expect(heard('FeedSilent', 'resolved', trades)).toBe(false);
      venue?.resume();
      await until('the end of the alert', () => heard('FeedSilent', 'resolved', trades));
      expect(monitoring.alerts.filter(({ labels }) => labels['venue'] === 'OANDA')).toEqual([]);
    },
    LONG_MS,
  );

  it.each(panels.flatMap((panel) => sqlOf(panel).map((sql) => [panel.title, sql] as const)))(
    '%s: ClickHouse answers',
    async (title, sql) => {
      const filled = sql
        .replaceAll(/\$__timeFilter\((\w+)\)/g, '($1 >= now() - INTERVAL 1 DAY AND $1 <= now() + 10)')
        .replaceAll('${venue:singlequote}', "'BINANCE', 'OANDA', 'IBKR', 'DUKASCOPY'");
      const url = `${demo.clickhouseUrl}/?database=market_data&default_format=JSON`;
      const answer = await fetch(url, { method: 'POST', body: filled });
      const text = await answer.text();
      expect([answer.status, answer.status === 200 ? '' : text]).toEqual([200, '']);
      const { rows } = JSON.parse(text) as { rows: number };
      const mayBeEmpty = ['Open gaps', 'Gaps found and healed', 'In quarantine'];
      if (!mayBeEmpty.includes(title)) expect(rows).toBeGreaterThan(0);
    },
  );
});
