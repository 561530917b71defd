import type { Batch, DepthBatch, Source, StreamPosition, TickBatch } from '@autotrader/connector-core';

/** What tells one stream from another. */
export type StreamName = Pick<Source, 'venue' | 'venueSymbol' | 'stream'>;

/** Where a stream stands, as a spool keeps it. */
export interface AcceptedPosition extends StreamName, StreamPosition {
  /** Of two positions of a stream the one with the greater number was accepted later, whatever clocks say. */
  readonly order: number;
}

/** Where a stream stands after a batch. */
export type BatchPosition = Omit<AcceptedPosition, 'order'>;

/** Where the streams of a batch stand after it: one position for each that has a tick or a book in it. */
export function positionsOf(batch: Batch): BatchPosition[] {
  if (batch.type !== 'tick' && batch.type !== 'depth') return [];
  const { sources, columns } = batch;
  return lastRows(batch).flatMap((row, index) => {
    const source = sources[index];
    if (source === undefined) return [];
    const { venue, venueSymbol, stream } = source;
    return [{ venue, venueSymbol, stream, ...positionAt(columns, row) }];
  });
}

/** Where every stream stands among what was accepted. */
export class Positions {
  readonly #streams = new Map<string, AcceptedPosition>();
  #order = 0;

  /** Where a stream stands; undefined when nothing of it was accepted. */
  of(name: StreamName): StreamPosition | undefined {
    const known = this.#streams.get(keyOf(name));
    if (known === undefined) return undefined;
    const { sequenceId, timestamp, receivedAt } = known;
    return { ...(sequenceId !== undefined && { sequenceId }), timestamp, receivedAt };
  }

  get all(): AcceptedPosition[] {
    return [...this.#streams.values()];
  }

  /** Numbers positions that are to be accepted, in the order in which they are. */
  numbered(positions: readonly BatchPosition[]): AcceptedPosition[] {
    return positions.map((position) => ({ ...position, order: ++this.#order }));
  }

  /** These are accepted. What is older than what is known already, such as history, says nothing of where a stream is. */
  accept(positions: readonly AcceptedPosition[]): void {
    for (const position of positions) {
      const known = this.#streams.get(keyOf(position));
      if (known === undefined || isLater(position, known)) this.#streams.set(keyOf(position), position);
    }
  }

  /** These were accepted by an earlier run; in any order, any number of times. */
  recover(positions: readonly AcceptedPosition[]): void {
    for (const position of positions) {
      const known = this.#streams.get(keyOf(position));
      this.#order = Math.max(this.#order, position.order);
      if (known === undefined || isAfter(position, known)) this.#streams.set(keyOf(position), position);
    }
  }
}

/** Whether this is what {@link Positions} writes. */
export function arePositions(value: unknown): value is AcceptedPosition[] {
  return Array.isArray(value) && value.every(isPosition);
}

/** The row of each source after which nothing later comes; nothing where a source has no row. */
function lastRows({ length, columns }: TickBatch | DepthBatch): number[] {
  const { source, timestamp, sequenceId } = columns;
  const rows: number[] = [];
  for (let row = 0; row < length; row++) {
    const index = source[row] ?? 0;
    const last = rows[index];
    const isOlder =
      last !== undefined &&
      (timestamp[row] ?? 0) <= (timestamp[last] ?? 0) &&
      (sequenceId[row] ?? NaN) < (sequenceId[last] ?? NaN);
    if (!isOlder) rows[index] = row;
  }
  return rows;
}

function positionAt(columns: (TickBatch | DepthBatch)['columns'], row: number): StreamPosition {
  const id = columns.sequenceId[row] ?? NaN;
  const times = { timestamp: columns.timestamp[row] ?? 0, receivedAt: columns.receivedAt[row] ?? 0 };
  return Number.isNaN(id) ? times : { sequenceId: id, ...times };
}

/** A greater id, or, where a venue began its ids anew or has none, a later time. */
function isLater(position: StreamPosition, known: StreamPosition): boolean {
  return position.timestamp > known.timestamp || (position.sequenceId ?? 0) > (known.sequenceId ?? 0);
}

/**
 * Of two that were accepted in an earlier run. What is older than what was known then may be among them: history
 * that was accepted between two live batches.
 */
function isAfter(position: AcceptedPosition, known: AcceptedPosition): boolean {
  const [earlier, later] = position.order > known.order ? [known, position] : [position, known];
  return (isLater(later, earlier) ? later : earlier) === position;
}

function isPosition(value: unknown): value is AcceptedPosition {
  if (typeof value !== 'object' || value === null) return false;
  const position = value as Partial<Record<keyof AcceptedPosition, unknown>>;
  const { sequenceId = 0 } = position;
  return (
    [position.venue, position.venueSymbol, position.stream].every((text) => typeof text === 'string') &&
    [sequenceId, position.timestamp, position.receivedAt, position.order].every(Number.isFinite)
  );
}

function keyOf({ venue, venueSymbol, stream }: StreamName): string {
  return JSON.stringify([venue, venueSymbol, stream]);
}
