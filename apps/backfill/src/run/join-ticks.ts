import type { Batch, Source, TickBatch } from '@autotrader/connector-core';

/** Enough for an insert; larger blocks of memory leave holes that nothing fits into. */
const MOST_ROWS = 70_000;

/** Batches of ticks together, in their order; others as they are: an insert costs nearly the same for an hour and for a day. */
export function joinTicks(batches: readonly Batch[]): Batch[] {
  const groups: TickBatch[][] = [];
  let rows = Infinity;
  for (const batch of batches) {
    if (batch.type !== 'tick') continue;
    rows += batch.length;
    if (rows > MOST_ROWS) {
      groups.push([]);
      rows = batch.length;
    }
    groups.at(-1)?.push(batch);
  }
  return [...groups.map(joined), ...batches.filter((batch) => batch.type !== 'tick')];
}

function joined(batches: readonly TickBatch[]): TickBatch {
  const [only] = batches;
  if (only !== undefined && batches.length === 1) return only;
  const length = batches.reduce((sum, batch) => sum + batch.length, 0);
  const sources: Source[] = [];
  const source = new Int32Array(length);
  let at = 0;
  for (const batch of batches) {
    for (let row = 0; row < batch.length; row++)
      source[at + row] = sources.length + (batch.columns.source[row] ?? 0);
    sources.push(...batch.sources);
    at += batch.length;
  }
  const wholes = (name: 'kind' | 'side' | 'condition'): Int32Array =>
    fill(batches, new Int32Array(length), (batch) => batch.columns[name]);
  const numbers = (
    name: Exclude<keyof TickBatch['columns'], 'source' | 'kind' | 'side' | 'condition'>,
  ): Float64Array => fill(batches, new Float64Array(length), (batch) => batch.columns[name]);
  const columns: TickBatch['columns'] = {
    source,
    ...{
      timestamp: numbers('timestamp'),
      receivedAt: numbers('receivedAt'),
      sequenceId: numbers('sequenceId'),
    },
    ...{ kind: wholes('kind'), price: numbers('price'), size: numbers('size'), side: wholes('side') },
    ...{ bid: numbers('bid'), ask: numbers('ask'), bidSize: numbers('bidSize'), askSize: numbers('askSize') },
    ...{ condition: wholes('condition'), contentId: numbers('contentId') },
  };
  return { type: 'tick', length, sources, columns };
}

function fill<Column extends Int32Array | Float64Array>(
  batches: readonly TickBatch[],
  column: Column,
  of: (batch: TickBatch) => Column,
): Column {
  let at = 0;
  for (const batch of batches) {
    column.set(of(batch), at);
    at += batch.length;
  }
  return column;
}
