import { open, rename, rm } from 'node:fs/promises';
import type { TableName } from '../encode/encode-batch.js';
import { AckedFile, ackedPath } from './acked-file.js';
import { decodeRecord, type SpooledBatch } from './format.js';
import { readAt } from './scan.js';
import type { Place, Segment } from './segment.js';

/** A record that is on its way to ClickHouse. */
export interface Taken {
  readonly table: TableName;
  readonly segment: Segment;
  readonly place: Place;
}

/** The files of a spool, oldest first, and what of them is still needed. */
export class Segments {
  readonly #files: { readonly segment: Segment; readonly acked: AckedFile }[] = [];
  #removing: Promise<void> = Promise.resolve();

  /**
   * @param onFreed called each time a file is gone.
   * @param beforeRemoval what must be done before one goes; a failure does not keep it.
   */
  constructor(
    private readonly onFreed: () => void,
    private readonly beforeRemoval: () => Promise<void> = () => Promise.resolve(),
  ) {}

  /** Of the files, with what is acknowledged in them. */
  get diskBytes(): number {
    return this.#sum((segment) => segment.length);
  }

  get pendingBytes(): number {
    return this.#sum((segment) => segment.pendingBytes);
  }

  get pendingBatches(): number {
    return this.#sum((segment) => segment.pendingBatches);
  }

  /** When the oldest record that is still needed was accepted, milliseconds since the epoch. */
  get oldestAcceptedAt(): number | undefined {
    return this.#files.find(({ segment }) => segment.pendingBatches > 0)?.segment.oldestAcceptedAt;
  }

  /** Tables of which there is a record that was not taken. */
  get tables(): TableName[] {
    return [...new Set(this.#files.flatMap(({ segment }) => segment.tables))];
  }

  add(segment: Segment): void {
    this.#files.push({ segment, acked: new AckedFile(segment) });
  }

  hasNext(table: TableName): boolean {
    return this.#files.some(({ segment }) => segment.hasNext(table));
  }

  /** The oldest record of a table that was not taken. */
  take(table: TableName): Taken | undefined {
    const segment = this.#files.find((file) => file.segment.hasNext(table))?.segment;
    const place = segment?.take(table);
    return segment && place && { table, segment, place };
  }

  /** A record is not needed any more: the oldest one of its table. */
  forget({ segment, table }: Taken): void {
    segment.forget(table);
    if (this.#removeIfDone(segment)) return;
    this.#files.find((file) => file.segment === segment)?.acked.note();
  }

  /** Nothing is appended to it any more: it goes as soon as nothing in it is needed. */
  seal(segment: Segment): void {
    segment.isSealed = true;
    this.#removeIfDone(segment);
  }

  /** Resolves when what was forgotten is gone, or noted. */
  async idle(): Promise<void> {
    await this.#removing;
    await Promise.all(this.#files.map(({ acked }) => acked.idle()));
  }

  #removeIfDone(segment: Segment): boolean {
    const at = this.#files.findIndex((file) => file.segment === segment);
    if (at < 0 || !segment.isSealed || segment.pendingBatches > 0) return false;
    const [file] = this.#files.splice(at, 1);
    this.#removing = this.#removing.then(async () => {
      await file?.acked.idle();
      await this.beforeRemoval().catch(() => undefined);
      await remove(segment);
      this.onFreed();
    });
    return true;
  }

  #sum(of: (segment: Segment) => number): number {
    return this.#files.reduce((sum, { segment }) => sum + of(segment), 0);
  }
}

/** The batch of a record, read back; undefined when the disk does not give back what was written. */
export async function readTaken({ segment, place }: Taken): Promise<SpooledBatch | undefined> {
  const file = await open(segment.path);
  try {
    return decodeRecord(await readAt(file, place.offset, place.length));
  } finally {
    await file.close();
  }
}

/** A file that stays because it cannot be deleted is read again at the next start: nothing is counted twice. */
async function remove({ path, isDamaged }: Segment): Promise<void> {
  const removing = isDamaged ? rename(path, `${path}.corrupt`) : rm(path, { force: true });
  await removing.catch(() => undefined);
  await rm(ackedPath(path), { force: true }).catch(() => undefined);
}
