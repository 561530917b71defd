import type { Builder, Dataquery as AnyQuery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** A line of PromQL, and what it is called in the legend. */
export interface Line {
  readonly expr: string;
  readonly legend: string;
}

/** What every panel says of itself. */
export interface About {
  readonly title: string;
  /** What a reader who does not know the system should make of it. */
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: string;
}

/** Data sources are variables of the dashboard, so that it can be looked at with others. */
export const PROMETHEUS = { type: 'prometheus', uid: '${prometheus}' };
/** As {@link PROMETHEUS}. */
export const CLICKHOUSE = { type: 'grafana-clickhouse-datasource', uid: '${clickhouse}' };

const WIDTH = 8;
const HEIGHT = 7;
const STAT = { width: 4, height: 4 };

/** Lines over time. */
export function graph(about: About, ...lines: readonly Line[]): Builder<Panel> {
  const panel = new GraphBuilder()
    .title(about.title)
    .description(about.description)
    .unit(about.unit)
    .datasource(PROMETHEUS)
    .min(0)
    .fillOpacity(10)
    .span(WIDTH)
    .height(HEIGHT);
  lines.forEach((line, index) => panel.withTarget(promQl(line, index)));
  return panel;
}

/** One number, as it is now: green below `bad`, red from there on. */
export function stat(about: About, expr: string, bad?: number): Builder<Panel> {
  const panel = new StatBuilder()
    .title(about.title)
    .description(about.description)
    .unit(about.unit)
    .datasource(PROMETHEUS)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .graphMode(BigValueGraphMode.Area)
    .colorMode(BigValueColorMode.Value)
    .span(STAT.width)
    .height(STAT.height);
  const steps = [
    { value: null, color: 'green' },
    ...(bad === undefined ? [] : [{ value: bad, color: 'red' }]),
  ];
  panel.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps));
  return panel.withTarget(promQl({ expr, legend: about.title }, 0));
}

/** Rows of ClickHouse. */
export function table(about: Omit<About, 'unit'>, sql: string, width = 12): Builder<Panel> {
  return new TableBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(CLICKHOUSE)
    .span(width)
    .height(9)
    .withTarget(clickHouseSql(sql, 'table'));
}

/** Lines over time from ClickHouse: a time, the name of a line, and its value. */
export function sqlGraph(about: About, sql: string): Builder<Panel> {
  return new GraphBuilder()
    .title(about.title)
    .description(about.description)
    .unit(about.unit)
    .datasource(CLICKHOUSE)
    .min(0)
    .fillOpacity(10)
    .span(12)
    .height(9)
    .withTarget(clickHouseSql(sql, 'timeseries'));
}

function promQl({ expr, legend }: Line, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(PROMETHEUS)
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
    .expr(expr)
    .legendFormat(legend)
    .range();
}

/** The SDK has no builder for the queries of ClickHouse's own plugin (version 4). */
function clickHouseSql(sql: string, queryType: 'table' | 'timeseries'): Builder<AnyQuery> {
  const query = {
    datasource: CLICKHOUSE,
    editorType: 'sql',
    format: queryType === 'table' ? 1 : 0,
    queryType,
    rawSql: sql.trim(),
    refId: 'A',
    _implementsDataqueryVariant: () => undefined,
  };
  return { build: () => query };
}
