import type { ConnectorSnapshot } from '@autotrader/connector-core';
import type { Rate } from './rate.js';
import type { Recorder } from './recorder.js';

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** The one line that says how a recording goes. */
export function statusText(
  snapshots: readonly ConnectorSnapshot[],
  recorders: readonly Recorder[],
  rate: Rate,
): string {
  const streams = snapshots.flatMap((snapshot) => snapshot.streams);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const rows = sum(recorders.map(({ totals }) => totals.rows));
  const lagMs = Math.max(0, ...recorders.map(({ totals }) => totals.lagMs));
  const parts = [
    `${number.format(rate.next(sum(streams.map(({ events }) => events))))} events/s`,
    `${number.format(rows)} rows stored`,
    `${(lagMs / 1000).toFixed(1)} s behind`,
    `${number.format(sum(streams.map(({ gaps }) => gaps)))} gaps`,
  ];
  const quarantined = sum(snapshots.map((snapshot) => snapshot.quarantined));
  if (quarantined > 0) parts.push(`${number.format(quarantined)} frames in quarantine`);
  const away = snapshots.filter(({ isLive }) => !isLive).map(({ venue }) => `${venue} not connected`);
  return [...parts, ...away].join(' · ');
}
