import { readdir, readFile } from 'node:fs/promises';
import { everyMetric } from '@autotrader/ingestor/metrics';
import { describe, expect, it } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { dashboards, jsonOf } from './dashboards.js';
import { panelsOf, type PanelJson, promQlOf, sqlOf } from './queries.js';

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');
const every = Object.entries(dashboards());

/** Names of the nodes of an expression's tree, with what stands there. */
function nodes(expr: string, name: string): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.name === name) found.push(expr.slice(node.from, node.to));
    },
  });
  return found;
}

/** Grafana puts in what these stand for. */
const filledIn = (expr: string): string => expr.replaceAll('$__rate_interval', '1m');

/** Names of the series of a metric: a histogram has three. */
async function seriesNames(): Promise<Set<string>> {
  const metrics = await everyMetric().getMetricsAsJSON();
  return new Set(
    metrics.flatMap(({ name, type }) =>
      String(type) === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

const promQl = every.flatMap(([file, board]) =>
  panelsOf(board).flatMap((panel) => promQlOf(panel).map((expr) => [file, panel.title, expr] as const)),
);

describe('the dashboards', () => {
  it('are the ones in the files, which npm run docs writes', async () => {
    expect((await readdir(new URL('dashboards/', import.meta.url))).sort()).toEqual(
      every.map(([name]) => `${name}.json`).sort(),
    );
    for (const [name, board] of every) expect(await read(`dashboards/${name}.json`)).toBe(jsonOf(board));
  });

  it.each(every)('%s cannot be edited in Grafana, where a change would be lost', (_, board) => {
    expect([board.editable, board.schemaVersion, typeof board.uid]).toEqual([false, 42, 'string']);
  });

  it.each(every)('%s tells of each panel what it shows, in which unit, from which source', (_, board) => {
    const panels = panelsOf(board);
    expect(panels.length).toBeGreaterThan(6);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const panel of panels) {
      expect(panel.description).toMatch(/^.{20,}\.$/s);
      expect(panel.datasource.uid).toMatch(/^\$\{(prometheus|clickhouse)\}$/);
      expect(panel.targets.length).toBeGreaterThan(0);
      for (const target of panel.targets) expect(target.datasource).toEqual(panel.datasource);
      if (panel.type !== 'table')
        expect([panel.title, panel.fieldConfig?.defaults.unit]).toEqual([panel.title, expect.any(String)]);
    }
  });

  it.each(every)('%s has a variable for each source and each choice that its queries name', (_, board) => {
    const names = new Set((board.templating?.list ?? []).map(({ name }) => name));
    const text = JSON.stringify(panelsOf(board));
    const named = [...text.matchAll(/\$\{?([a-z]\w*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
    expect([...names].filter((name) => !named.includes(name))).toEqual([]);
  });

  it('are laid out without one panel over another', () => {
    for (const [, board] of every) {
      const taken = new Set<string>();
      for (const { gridPos } of panelsOf(board))
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            expect([x < 24, taken.has(`${x} ${y}`)]).toEqual([true, false]);
            taken.add(`${x} ${y}`);
          }
    }
  });
});

describe('PromQL', () => {
  it.each(promQl)('%s, %s: %s parses', (_, __, expr) => {
    expect(nodes(filledIn(expr), '⚠')).toEqual([]);
  });

  it('that is wrong would not', () => {
    expect(nodes('sum by (venue (rate(x[1m]))', '⚠')).not.toEqual([]);
  });

  it('names only metrics that the code exports', async () => {
    const known = await seriesNames();
    for (const [, , expr] of promQl)
      for (const name of nodes(filledIn(expr), 'VectorSelector').map((selector) => selector.split('{')[0]))
        expect([expr, known.has(name ?? '')]).toEqual([expr, true]);
  });

  it('looks only at the ingestors that are chosen', () => {
    for (const [, , expr] of promQl)
      for (const selector of nodes(filledIn(expr), 'VectorSelector'))
        expect(selector).toContain('instance=~"$instance"');
  });

  it('takes rates over what fits the scrapes, and counters only by their growth', () => {
    for (const [, title, expr] of promQl) {
      for (const call of expr.matchAll(/\brate\([^[]*\[([^\]]+)\]/g))
        expect(call[1]).toBe('$__rate_interval');
      const counters = nodes(filledIn(expr), 'VectorSelector').filter((selector) =>
        /_(total|bucket|sum|count)\{/.test(selector),
      );
      const grown = [...filledIn(expr).matchAll(/(?:rate|increase)\((\w+\{[^}]*\})\[/g)].map(
        ([, selector]) => selector,
      );
      const isTotal =
        title === 'Ticks' || title.match(/^(Equities|Crypto|Currencies|Commodities|Indices)$/) !== null;
      if (!isTotal)
        expect([expr, counters.filter((counter) => !grown.includes(counter))]).toEqual([expr, []]);
    }
  });
});

describe('SQL', () => {
  it('looks only at the time that is chosen, but for what has none', () => {
    const timeless = ['Back-fills', 'Storage by table'];
    const panels = every
      .flatMap(([, board]) => panelsOf(board))
      .filter((panel: PanelJson) => sqlOf(panel).length > 0);
    expect(panels.length).toBeGreaterThan(5);
    for (const panel of panels)
      for (const sql of sqlOf(panel))
        expect([panel.title, sql.includes('$__timeFilter(')]).toEqual([
          panel.title,
          !timeless.includes(panel.title),
        ]);
  });
});

describe('provisioning', () => {
  it('brings both sources under the names that the dashboards choose first, and the dashboards', async () => {
    const sources = parse(await read('provisioning/datasources/datasources.yml')) as {
      datasources: { type: string; uid: string }[];
    };
    expect(sources.datasources.map(({ type, uid }) => [type, uid])).toEqual([
      ['prometheus', 'prometheus'],
      ['grafana-clickhouse-datasource', 'clickhouse'],
    ]);
    const { providers } = parse(await read('provisioning/dashboards/dashboards.yml')) as {
      providers: { options: { path: string } }[];
    };
    expect(providers[0]?.options.path).toBe('/etc/grafana/dashboards');
  });
});
