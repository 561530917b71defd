import type { Registry } from 'prom-client';

/** What prom-client keeps of a metric beside what its types tell. */
interface Described {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames?: readonly string[];
}

/** Node's and the system's, which are not the same on every system. */
const NOT_OURS = /^(nodejs|process)_/;

/** Every metric of ours in a registry as a row of a Markdown table, by name. */
export async function metricsTable(registry: Registry): Promise<string> {
  const values = await registry.getMetricsAsJSON();
  const labelsOf = (name: string): readonly string[] =>
    (registry.getSingleMetric(name) as unknown as Described | undefined)?.labelNames ?? [];
  const rows = values
    .filter(({ name }) => !NOT_OURS.test(name))
    .map(({ name, help, type }) => ({ name, help, type: String(type), labels: labelsOf(name) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(
      ({ name, help, type, labels }) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(' ')} | ${help.replace(/\.$/, '')} |`,
    );
  return ['| metric | type | labels | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
