import type { ConnectorSnapshot } from '@autotrader/connector-core';
import type { Rate } from './rate.js';
import type { Recorder } from './recorder.js';

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/**
 * The one line that says how a recording goes.
 * @param progress how far it has come; without it, how far the rows are behind the venue.
 */
export function statusText(
  snapshots: readonly ConnectorSnapshot[],
  recorders: readonly Pick<Recorder, 'totals'>[],
  rate: Pick<Rate, 'next'>,
  progress?: string,
): string {
  const streams = snapshots.flatMap((snapshot) => snapshot.streams);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const rows = sum(recorders.map(({ totals }) => totals.rows));
  const lagMs = Math.max(0, ...recorders.map(({ totals }) => totals.lagMs));
  const parts = [
    ...(progress === undefined ? [] : [progress]),
    `${number.format(rate.next(sum(streams.map(({ events }) => events))))} events/s`,
    `${number.format(rows)} rows stored`,
    ...(progress === undefined ? [`${(lagMs / 1000).toFixed(1)} s behind`] : []),
    `${number.format(sum(streams.map(({ gaps }) => gaps)))} gaps`,
  ];
  const quarantined = sum(snapshots.map((snapshot) => snapshot.quarantined));
  if (quarantined > 0) parts.push(`${number.format(quarantined)} frames in quarantine`);
  const away = snapshots.filter(({ isLive }) => !isLive).map(({ venue }) => `${venue} not connected`);
  return [...parts, ...away].join(' · ');
}
