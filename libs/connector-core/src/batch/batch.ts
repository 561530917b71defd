import type { Gap, OHLCV } from '@autotrader/schemas';
import type { QuarantinedFrame } from '../quarantine.js';
import type { Source } from '../source.js';
import type { DepthColumns } from './depth-columns.js';
import type { TickColumns } from './tick-columns.js';

/** Ticks in columns; row `i` is element `i` of every column. */
export interface TickBatch {
  readonly type: 'tick';
  readonly length: number;
  /** What `columns.source` points into. */
  readonly sources: readonly Source[];
  readonly columns: TickColumns;
}

/** Order books and their changes in columns. */
export interface DepthBatch {
  readonly type: 'depth';
  readonly length: number;
  /** What `columns.source` points into. */
  readonly sources: readonly Source[];
  readonly columns: DepthColumns;
}

/** Bars; they are few, so they stay events. */
export interface BarBatch {
  readonly type: 'bar';
  readonly length: number;
  readonly rows: readonly OHLCV[];
}

/** Gaps; a later row of the same stream and first missing id replaces an earlier one. */
export interface GapBatch {
  readonly type: 'gap';
  readonly length: number;
  readonly rows: readonly Gap[];
}

/** Frames that did not parse, with their bytes. */
export interface QuarantineBatch {
  readonly type: 'quarantine';
  readonly length: number;
  readonly rows: readonly QuarantinedFrame[];
}

/** What leaves a connector on the pull side. */
export type Batch = TickBatch | DepthBatch | BarBatch | GapBatch | QuarantineBatch;
