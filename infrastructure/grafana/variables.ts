import { type Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { CLICKHOUSE, PROMETHEUS } from './panels.js';

const ALL = { text: 'All', value: '$__all', selected: true };

/** Which Prometheus. */
export const prometheus = (): Builder<VariableModel> =>
  new DatasourceVariableBuilder('prometheus').label('Prometheus').type('prometheus');

/** Which ClickHouse. */
export const clickhouse = (): Builder<VariableModel> =>
  new DatasourceVariableBuilder('clickhouse').label('ClickHouse').type(CLICKHOUSE.type);

/** Which ingestors; all of them unless somebody chooses. */
export const instance = (): Builder<VariableModel> =>
  ofPrometheus('instance', 'Ingestor', 'label_values(build_info{program="ingestor"}, instance)');

/** Which venues; all of them unless somebody chooses. */
export const venue = (): Builder<VariableModel> =>
  ofPrometheus('venue', 'Venue', 'label_values(connector_live, venue)');

/** Which venues there are bars of, live or back-filled. */
export const storedVenue = (): Builder<VariableModel> =>
  new QueryVariableBuilder('venue')
    .label('Venue')
    .datasource(CLICKHOUSE)
    .query('SELECT DISTINCT venue FROM bars ORDER BY venue')
    .refresh(VariableRefresh.OnDashboardLoad)
    .multi(true)
    .includeAll(true)
    .current(ALL);

function ofPrometheus(name: string, label: string, query: string): Builder<VariableModel> {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(PROMETHEUS)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current(ALL);
}
