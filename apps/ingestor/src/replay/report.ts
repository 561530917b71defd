import type { ConnectorSnapshot } from '@autotrader/connector-core';
import type { SentCount } from '@autotrader/connector-core/testing';
import { agrees, type LedgerRow } from '../reconcile/ledger.js';
import type { Survey } from './survey.js';

/** What a replay prints. */
export interface ReplayReport {
  readonly recording: string;
  readonly streams: readonly LedgerRow[];
  readonly sent: number;
  readonly stored: number;
  readonly gaps: number;
  readonly quarantined: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** What was sent is what is stored, stream by stream. */
  readonly agree: boolean;
  /** Every frame of the recording was sent; not so when it was ended early. */
  readonly isComplete: boolean;
}

/** @param seconds how long it took until everything was stored. */
export function reportOf(
  recording: string,
  rows: readonly LedgerRow[],
  sent: readonly SentCount[],
  survey: Survey,
  snapshots: readonly ConnectorSnapshot[],
  seconds: number,
): ReplayReport {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const stored = sum(rows.map((row) => row.stored));
  return {
    recording,
    streams: rows,
    sent: sum(rows.map((row) => row.sent)),
    stored,
    gaps: sum(snapshots.flatMap(({ streams }) => streams.map(({ gaps }) => gaps))),
    quarantined: sum(snapshots.map(({ quarantined }) => quarantined)),
    seconds: Number(seconds.toFixed(3)),
    eventsPerSecond: Math.round(stored / seconds),
    agree: agrees(rows),
    isComplete: sum(sent.map(({ frames }) => frames)) === survey.frames,
  };
}
