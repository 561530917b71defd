import { copyFileSync, readdirSync } from 'node:fs';
import { appendFile, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TableName } from '../encode/encode-batch.js';
import { scratchFolders } from '../testing/scratch-folder.js';
import { anyBatch, openSpool, type OpenedSpool, segmentsIn } from '../testing/spools.js';
import { encodeRecord } from './format.js';
import { scanRecords } from './scan.js';
import type { TakenBatch } from './spool.js';

const folder = scratchFolders();

const TABLES = ['tick_raw', 'depth_raw', 'gap_raw'] as const;
const table = fc.constantFrom(...TABLES);

/** What can happen to a spool. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('accept' as const), table, size: fc.nat(3_000) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const), table }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('forget' as const), table }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      /** How much of a further record is behind the last one. */
      torn: fc.option(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
      /** Where a bit is changed, as a part of the file. */
      flip: fc.option(
        fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), bit: fc.nat(7) }),
      ),
      notes: fc.constantFrom('kept', 'lost', 'damaged'),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Kind> ? Kind : never;
type Crash = Extract<Step, { do: 'crash' }>;

/** A spool with a memory of what it was given and what it gave. */
class Model {
  readonly accepted: Record<TableName, string[]> = {
    tick_raw: [],
    depth_raw: [],
    bars_raw: [],
    gap_raw: [],
    quarantine_raw: [],
  };
  /** Every batch that was handed over at least once. */
  readonly delivered = new Set<string>();
  /** What a damaged disk may have taken. */
  readonly mayBeLost = new Set<string>();
  #inFlight = new Map<TableName, TakenBatch[]>();
  /** The last one handed over since the spool was opened. */
  #last = new Map<TableName, number>();
  #count = 0;

  private constructor(
    private dir: string,
    private opened: OpenedSpool,
  ) {}

  static async open(): Promise<Model> {
    const dir = await folder();
    return new Model(dir, await openSmall(dir));
  }

  async run(each: Step): Promise<void> {
    if (each.do === 'accept') return this.#accept(each.table, each.size);
    if (each.do === 'take') return this.#take(each.table);
    if (each.do === 'forget') return this.#forget(each.table);
    if (each.do === 'close') return this.#reopen(this.dir);
    return this.#crash(each);
  }

  /** Everything that is left is handed over. */
  async drain(): Promise<void> {
    await this.#reopen(this.dir);
    for (const name of TABLES) {
      while (this.opened.spool.hasNext(name)) await this.#take(name);
      while ((this.#inFlight.get(name) ?? []).length > 0) this.#forget(name);
    }
    expect(this.opened.spool.state.batches).toBe(0);
    await this.opened.spool.close();
    expect(await segmentsIn(this.dir)).toEqual([]);
  }

  async #accept(name: TableName, size: number): Promise<void> {
    const content = `${name} ${++this.#count} ${'~'.repeat(size)}`;
    await this.opened.spool.accept(anyBatch(content, name));
    this.accepted[name].push(content);
  }

  async #take(name: TableName): Promise<void> {
    const next = await this.opened.spool.next(name);
    if (next === undefined) return;
    const content = Buffer.from(next.batch?.bytes ?? []).toString();
    const position = this.accepted[name].indexOf(content);
    expect(position).toBeGreaterThan(this.#last.get(name) ?? -1); // none invented, none changed, in order
    this.#last.set(name, position);
    this.delivered.add(content);
    this.#inFlight.set(name, [...(this.#inFlight.get(name) ?? []), next]);
  }

  #forget(name: TableName): void {
    const [oldest, ...others] = this.#inFlight.get(name) ?? [];
    if (oldest === undefined) return;
    this.opened.spool.forget(oldest.taken);
    this.#inFlight.set(name, others);
  }

  async #reopen(dir: string): Promise<void> {
    await this.opened.spool.close();
    this.#inFlight.clear();
    this.#last.clear();
    this.dir = dir;
    this.opened = await openSmall(dir);
  }

  /** What a killed process leaves is what is in the folder at that moment. */
  async #crash({ torn, flip, notes }: Crash): Promise<void> {
    const dir = await folder();
    snapshot(this.dir, dir);
    const paths = await segmentsIn(dir);
    const newest = paths.at(-1);
    if (torn !== null && newest !== undefined) await tear(newest, torn);
    const before = this.mayBeLost.size;
    if (flip !== null) await this.#flip(paths, flip);
    for (const path of paths) {
      if (notes === 'lost') await rm(`${path}.acked`, { force: true });
      if (notes === 'damaged') await writeFile(`${path}.acked`, '0bad0bad ["x",{"tick_raw":1e9}]\n');
    }
    await this.#reopen(dir);
    if (this.mayBeLost.size > before) expect(this.opened.notices.of('SPOOL_CORRUPT')).not.toEqual([]);
  }

  async #flip(paths: readonly string[], { at, bit }: { at: number; bit: number }): Promise<void> {
    const path = paths[Math.floor(at * paths.length)];
    if (path === undefined) return;
    const bytes = await readFile(path);
    const byte = Math.floor((at * 1009 * bytes.length) % bytes.length);
    const file = await open(path);
    for await (const found of scanRecords(file))
      if (found.kind === 'record' && found.offset <= byte && byte < found.offset + found.length)
        this.mayBeLost.add(Buffer.from(found.batch.bytes).toString());
    await file.close();
    bytes[byte] = (bytes[byte] ?? 0) ^ (1 << bit);
    await writeFile(path, bytes);
  }
}

function openSmall(dir: string): Promise<OpenedSpool> {
  return openSpool({ dir, segmentBytes: 8_000 });
}

/** The files of a folder as they are now, less the lock; some may be on their way out. */
function snapshot(from: string, to: string): void {
  for (const name of readdirSync(from).filter((each) => /^\d/.test(each))) {
    try {
      copyFileSync(join(from, name), join(to, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Adds the beginning of a record, as a killed process may. */
async function tear(path: string, part: number): Promise<void> {
  const record = Buffer.concat(encodeRecord({ ...anyBatch('never accepted'), acceptedAt: 0 }));
  await appendFile(path, record.subarray(0, Math.floor(part * record.length)));
}

describe('a spool, whatever happens to it', () => {
  it('hands over every accepted batch, the same bytes in the order of its table, and nothing else', async () => {
    let lost = 0;
    let all = 0;
    const sequences = fc.array(step, { minLength: 10, maxLength: 80, size: 'max' });
    await fc.assert(
      fc.asyncProperty(sequences, async (steps) => {
        const model = await Model.open();
        for (const each of steps) await model.run(each);
        await model.drain();
        for (const content of Object.values(model.accepted).flat()) {
          all++;
          if (model.delivered.has(content)) continue;
          lost++;
          expect(model.mayBeLost).toContain(content);
        }
      }),
      { numRuns: 60, seed: 3 },
    );
    expect(all).toBeGreaterThan(500);
    expect(lost).toBeLessThan(all / 10); // of those with a flipped bit, few others
  }, 120_000);
});
