import type { ConnectorSnapshot } from '@autotrader/connector-core';
import type { Rate } from './rate.js';
import type { StoreTotals } from './store.js';

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/**
 * The one line that says how a recording goes.
 * @param storage what became of the rows: `accepted` ones are stored, or in the spool.
 * @param progress how far it has come; without it, how far the stored rows are behind the venue.
 */
export function statusText(
  snapshots: readonly ConnectorSnapshot[],
  storage: Omit<StoreTotals, 'spoolLimitBytes'> & { readonly accepted: number },
  rate: Pick<Rate, 'next'>,
  progress?: string,
): string {
  const { accepted, stored, spoolBytes, lagMs } = storage;
  const streams = snapshots.flatMap((snapshot) => snapshot.streams);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const parts = [
    ...(progress === undefined ? [] : [progress]),
    `${number.format(rate.next(sum(streams.map(({ events }) => events))))} events/s`,
    `${number.format(accepted)} rows accepted`,
    `${number.format(stored)} stored`,
    `spool ${(spoolBytes / 2 ** 20).toFixed(1)} MiB`,
    ...(progress === undefined ? [`${(lagMs / 1000).toFixed(1)} s behind`] : []),
    `${number.format(sum(streams.map(({ gaps }) => gaps)))} gaps`,
  ];
  const quarantined = sum(snapshots.map((snapshot) => snapshot.quarantined));
  if (quarantined > 0) parts.push(`${number.format(quarantined)} frames in quarantine`);
  const away = snapshots.filter(({ isLive }) => !isLive).map(({ venue }) => `${venue} not connected`);
  return [...parts, ...away].join(' · ');
}
