import type { Source } from '@autotrader/connector-core';
import type { ArrowColumns } from './arrow-columns.js';
import { textsByCode, textsOf } from './dictionary.js';

/** What a source says of its rows, in the order of the canonical schema. */
const SOURCE_COLUMNS = [
  ['venue', 'venue'],
  ['symbol', 'symbol'],
  ['venue_symbol', 'venueSymbol'],
  ['asset_class', 'assetClass'],
  ['stream', 'stream'],
] as const;

/** Columns for rows that name their source by its index. */
export function addSourcesByIndex(to: ArrowColumns, sources: readonly Source[], source: Int32Array): void {
  for (const [column, property] of SOURCE_COLUMNS) {
    const texts = sources.map((each) => each[property]);
    to.texts(column, textsByCode(texts, source));
  }
}

/** Columns for rows that are events, each with its source in it. */
export function addSources(to: ArrowColumns, rows: readonly Source[]): void {
  for (const [column, property] of SOURCE_COLUMNS)
    to.texts(column, textsOf(rows.map((row) => row[property])));
}
