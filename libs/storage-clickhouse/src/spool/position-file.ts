import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writeAll } from './append-file.js';
import { syncFolder } from './folder.js';
import { type AcceptedPosition, arePositions, type Positions } from './positions.js';

const NAMES = ['positions.0', 'positions.1'] as const;
/** Room for some more streams, so that a disk that is full is no reason to fail: the blocks are there already. */
const BLOCK_BYTES = 16_384;

/**
 * Keeps positions in two files that are written in turn, in place: whatever a crash cuts off, the other one is
 * whole, and a disk without room has the room that they take.
 */
export class PositionFile {
  /** Counts what was written; the file that was written last is not the next one to be. */
  #generation = 0;
  #saving: Promise<void> = Promise.resolve();
  #saved = '';

  constructor(
    private readonly folder: string,
    private readonly positions: Positions,
  ) {}

  /** Takes up what is there and makes both files, where there is room. @throws nothing. */
  async load(): Promise<void> {
    for (const name of NAMES) {
      const [generation, positions] = await read(join(this.folder, name));
      this.positions.recover(positions);
      this.#generation = Math.max(this.#generation, generation);
    }
    // The older one first: the newer one is whole until that is written.
    for (let written = 0; written < NAMES.length; written++)
      await this.#write(JSON.stringify(this.positions.all)).catch(() => undefined);
  }

  /** Resolves when the positions as they are now are durable. @throws what the file system throws. */
  save(): Promise<void> {
    const saving = this.#saving.then(async () => {
      const text = JSON.stringify(this.positions.all);
      if (text !== this.#saved) await this.#write(text);
    });
    this.#saving = saving.catch(() => undefined);
    return saving;
  }

  /** The file that fails may be damaged then, and is written again next time: the other one stays as it is. */
  async #write(text: string): Promise<void> {
    const generation = this.#generation + 1;
    const path = join(this.folder, NAMES[generation % NAMES.length] ?? NAMES[0]);
    const file = await open(path, 'r+').catch(() => open(path, 'w'));
    try {
      await writeAll(file, [padded(`[${generation},${text}]`)], 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(this.folder);
    this.#generation = generation;
    this.#saved = text;
  }
}

/** Whether a file of a spool's folder is one of these. */
export function isPositionFile(name: string): boolean {
  return NAMES.some((each) => each === name);
}

async function read(path: string): Promise<[generation: number, readonly AcceptedPosition[]]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [, sum, json = ''] = /^([0-9a-f]{8}) (.*)\n/.exec(text) ?? [];
  if (sum === undefined || sum !== checksum(json)) return [0, []];
  const [generation, positions] = JSON.parse(json) as [unknown, unknown];
  return [Number(generation), arePositions(positions) ? positions : []];
}

function padded(json: string): Buffer {
  const line = Buffer.from(`${checksum(json)} ${json}\n`);
  return Buffer.concat([line], Math.ceil(line.length / BLOCK_BYTES) * BLOCK_BYTES);
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}
