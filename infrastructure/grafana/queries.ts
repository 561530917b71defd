import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

/** What stands in a dashboard of a panel. */
export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets: readonly {
    readonly expr?: string;
    readonly rawSql?: string;
    readonly datasource: object;
  }[];
}

/** The panels of a dashboard, without its headings. */
export function panelsOf(dashboard: Dashboard): PanelJson[] {
  const { panels } = JSON.parse(JSON.stringify(dashboard)) as {
    panels: (PanelJson & { panels?: PanelJson[] })[];
  };
  return panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
}

/** What a panel asks Prometheus. */
export function promQlOf({ targets }: PanelJson): string[] {
  return targets.map(({ expr }) => expr).filter((expr) => expr !== undefined);
}

/** What a panel asks ClickHouse. */
export function sqlOf({ targets }: PanelJson): string[] {
  return targets.map(({ rawSql }) => rawSql).filter((sql) => sql !== undefined);
}
