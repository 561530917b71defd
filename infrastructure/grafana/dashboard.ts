import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Builder<Panel>[];
}

/** What a dashboard is made of. */
export interface DashboardParts {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** How far back it looks at first. */
  readonly from: string;
  readonly variables: readonly Builder<VariableModel>[];
  readonly rows: readonly Row[];
}

/** A dashboard that is changed here and not in Grafana. */
export function dashboard({ uid, title, description, from, variables, rows }: DashboardParts): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['autotrader'])
    .timezone('utc')
    .time({ from, to: 'now' })
    .refresh('10s')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly();
  for (const variable of variables) builder.withVariable(variable);
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  const built = builder.build();
  built.panels?.forEach((panel, index) => (panel.id = index + 1));
  return built;
}
