import { readFile, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { isTableName } from '../encode/encode-batch.js';
import type { Segment } from './segment.js';

/** The file beside a segment that says which of its records are not needed any more. */
export function ackedPath(segmentPath: string): string {
  return `${segmentPath}.acked`;
}

/**
 * Notes what a segment has forgotten, so that a restart replays little. It is not synced and may be lost or
 * torn: the token of a batch makes a replay harmless, and a note that is not whole is not believed.
 */
export class AckedFile {
  #isStale = false;
  #writing: Promise<void> | undefined;

  constructor(private readonly segment: Segment) {}

  /** What was forgotten since is noted soon: one write at a time, the latest state. */
  note(): void {
    this.#isStale = true;
    this.#writing ??= this.#write();
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      const note = JSON.stringify([this.segment.id, this.segment.forgottenThrough()]);
      // A disk that is full or fails costs a longer replay, nothing else.
      await writeFile(ackedPath(this.segment.path), `${checksum(note)} ${note}\n`).catch(() => undefined);
    }
    this.#writing = undefined;
  }
}

/** Forgets in the segment what the file beside it says; nothing when there is none that belongs to it. */
export async function forgetAcked(segment: Segment): Promise<void> {
  const text = await readFile(ackedPath(segment.path), 'utf8').catch(() => '');
  const [, sum, note = ''] = /^([0-9a-f]{8}) (.*)\n$/.exec(text) ?? [];
  if (sum === undefined || sum !== checksum(note)) return;
  const [id, through] = JSON.parse(note) as [unknown, Record<string, unknown>];
  if (id !== segment.id) return;
  for (const [table, end] of Object.entries(through))
    if (isTableName(table) && typeof end === 'number') segment.forgetThrough(table, end);
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
