import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DepthColumnWriter, TickColumnWriter, type TickBatch } from '@autotrader/connector-core';
import fc from 'fast-check';
import { scratchFolders } from '../testing/scratch-folder.js';
import { anyBatch, drainTable, openSpool, segmentsIn } from '../testing/spools.js';
import { PositionFile } from './position-file.js';
import { type AcceptedPosition, Positions, positionsOf } from './positions.js';

const folder = scratchFolders();

const STREAMS = ['trade', 'aggTrade', 'bookTicker'];
const sourceOf = (stream: string) => ({
  ...({
    venue: 'BINANCE',
    symbol: 'BTC/USDT',
    venueSymbol: 'BTCUSDT',
    assetClass: 'CRYPTO',
    stream,
  } as const),
});
const SOURCES = STREAMS.map(sourceOf);

interface Row {
  readonly source: number;
  readonly id?: number;
  readonly time: number;
}

function ticks(rows: readonly Row[]): TickBatch {
  const writer = new TickColumnWriter(rows.length);
  for (const { source, id, time } of rows)
    writer.append(source, {
      ...{ type: 'tick', ...sourceOf(STREAMS[source] ?? ''), kind: 'trade', price: 1, size: 1, side: 'BUY' },
      ...{ timestamp: time, receivedAt: time + 5, ...(id !== undefined && { sequenceId: id }) },
    });
  return writer.take(SOURCES);
}

function position(stream: string, id: number, order = id): AcceptedPosition {
  return {
    ...{ venue: 'BINANCE', venueSymbol: 'BTCUSDT', stream, sequenceId: id },
    ...{ timestamp: id, receivedAt: id, order },
  };
}

describe('the positions of a batch', () => {
  it('are the last row of each source', () => {
    const rows = [
      { source: 0, id: 7, time: 100 },
      { source: 2, id: 1, time: 101 },
      { source: 0, id: 8, time: 102 },
    ];
    expect(positionsOf(ticks(rows))).toEqual([
      { ...named('trade'), sequenceId: 8, timestamp: 102, receivedAt: 107 },
      { ...named('bookTicker'), sequenceId: 1, timestamp: 101, receivedAt: 106 },
    ]);
  });

  it('are not set back by a row that comes late', () => {
    const rows = [
      { source: 0, id: 9, time: 102 },
      { source: 0, id: 8, time: 101 },
    ];
    expect(positionsOf(ticks(rows))).toMatchObject([{ sequenceId: 9, timestamp: 102 }]);
  });

  it('follow a venue that begins its ids anew', () => {
    const rows = [
      { source: 0, id: 9_000, time: 100 },
      { source: 0, id: 1, time: 200 },
    ];
    expect(positionsOf(ticks(rows))).toMatchObject([{ sequenceId: 1, timestamp: 200 }]);
  });

  it('have no id where the venue has none', () => {
    expect(positionsOf(ticks([{ source: 1, time: 100 }]))).toEqual([
      { ...named('aggTrade'), timestamp: 100, receivedAt: 105 },
    ]);
  });

  it('are those of books, too, and none of what is no stream of events', () => {
    const writer = new DepthColumnWriter(1);
    const book = { type: 'depth', ...sourceOf('depth'), isSnapshot: false, bids: [], asks: [] } as const;
    writer.append(0, { ...book, timestamp: 5, receivedAt: 6, sequenceId: 20, firstSequenceId: 11 });
    expect(positionsOf(writer.take([sourceOf('depth')]))).toMatchObject([{ sequenceId: 20 }]);
    expect(positionsOf({ type: 'gap', length: 0, rows: [] })).toEqual([]);
  });
});

const named = (stream: string) => ({ venue: 'BINANCE', venueSymbol: 'BTCUSDT', stream });

describe('where streams stand', () => {
  it('is not said of a stream of which nothing was accepted', () => {
    expect(new Positions().of(named('trade'))).toBeUndefined();
  });

  it('is not set back by history that is written between live batches', () => {
    const positions = new Positions();
    positions.accept(positions.numbered([{ ...position('trade', 50) }, { ...position('trade', 3) }]));
    expect(positions.of(named('trade'))).toEqual({ sequenceId: 50, timestamp: 50, receivedAt: 50 });
  });

  it('is the same in whatever order it is recovered', () => {
    const all = [position('trade', 1), position('trade', 2), position('aggTrade', 9), position('trade', 3)];
    for (const given of [all, all.toReversed()]) {
      const positions = new Positions();
      positions.recover(given);
      positions.recover(given);
      expect(positions.of(named('trade'))?.sequenceId).toBe(3);
    }
  });
});

describe('a file of positions', () => {
  it('loses nothing when a crash tears what is being written', async () => {
    const dir = await folder();
    const positions = new Positions();
    const file = new PositionFile(dir, positions);
    await file.load();
    for (let id = 1; id <= 6; id++) {
      positions.accept([position('trade', id)]);
      await file.save();
      // The next write goes to the other file: any state of that one leaves this one.
      const torn = await folder();
      for (const name of readdirSync(dir)) copyFileSync(join(dir, name), join(torn, name));
      const path = join(torn, `positions.${id % 2 === 0 ? 1 : 0}`);
      await writeFile(path, 'deadbeef [9,');
      const found = new Positions();
      await new PositionFile(torn, found).load();
      expect(found.of(named('trade'))?.sequenceId).toBe(id);
    }
  });

  it('takes no more room once it is there', async () => {
    const dir = await folder();
    const positions = new Positions();
    const file = new PositionFile(dir, positions);
    await file.load();
    const sizes = () => Promise.all(['positions.0', 'positions.1'].map((name) => sizeOf(join(dir, name))));
    const before = await sizes();
    for (let id = 1; id <= 100; id++) positions.accept([position(`stream ${id}`, id)]);
    await file.save();
    await file.save();
    expect(await sizes()).toEqual(before);
  });
});

async function sizeOf(path: string): Promise<number> {
  const file = await open(path);
  return file.stat().then(({ size }) => file.close().then(() => size));
}

describe('a spool', () => {
  it('knows where streams stood when it is opened again, whatever of it is left', async () => {
    const step = fc.record({
      source: fc.nat(2),
      rows: fc.integer({ min: 1, max: 3 }),
      then: fc.constantFrom('go on', 'go on', 'drain', 'kill', 'close', 'lose notes'),
    });
    const sequences = fc.array(step, { minLength: 3, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(sequences, async (steps) => {
        let dir = await folder();
        let { spool } = await openSpool({ dir, segmentBytes: 1_500 });
        const last = new Map<number, number>();
        let id = 0;
        for (const { source, rows, then } of steps) {
          const batch = ticks(Array.from({ length: rows }, () => ({ source, id: ++id, time: id })));
          await spool.accept(anyBatch(`batch ${id} ${'~'.repeat(400)}`), positionsOf(batch));
          last.set(source, id);
          if (then === 'drain') await drainTable(spool);
          if (then === 'close') {
            await spool.close();
            ({ spool } = await openSpool({ dir, segmentBytes: 1_500 }));
          }
          if (then === 'kill' || then === 'lose notes') {
            const killed = await folder();
            snapshot(dir, killed);
            await spool.close();
            dir = killed;
            if (then === 'lose notes')
              for (const path of await segmentsIn(dir)) await rm(`${path}.acked`, { force: true });
            ({ spool } = await openSpool({ dir, segmentBytes: 1_500 }));
          }
          for (const [index, expected] of last)
            expect(spool.positions.of(named(STREAMS[index] ?? ''))?.sequenceId).toBe(expected);
        }
        await spool.close();
      }),
      { numRuns: 60, seed: 11 },
    );
  }, 60_000);

  it('knows it at every moment between the last record and the removal of its file', async () => {
    const dir = await folder();
    const { spool } = await openSpool({ dir, segmentBytes: 1_000 });
    const moments: { dir: string; id: number }[] = [];
    for (let id = 1; id <= 40; id++) {
      await spool.accept(
        anyBatch(`${id} ${'~'.repeat(600)}`),
        positionsOf(ticks([{ source: 0, id, time: id }])),
      );
      const draining = drainTable(spool);
      for (let moment = 0; moment < 5; moment++) {
        await new Promise(setImmediate);
        const killed = await folder();
        snapshot(dir, killed);
        moments.push({ dir: killed, id });
      }
      await draining;
    }
    await spool.close();
    for (const { dir: killed, id } of moments) {
      const again = await openSpool({ dir: killed });
      expect(again.spool.positions.of(named('trade'))?.sequenceId).toBe(id);
      await again.spool.close();
    }
  }, 60_000);

  it('reads a spool of an earlier version, which tells no positions', async () => {
    const dir = await folder();
    const first = await openSpool({ dir });
    await first.spool.accept(anyBatch('without positions'));
    await first.spool.close();
    for (const name of ['positions.0', 'positions.1']) await rm(join(dir, name));
    const { spool } = await openSpool({ dir });
    expect(spool.positions.of(named('trade'))).toBeUndefined();
    expect(await drainTable(spool)).toEqual(['without positions']);
    await spool.close();
  });
});

/** What a killed process leaves: copied at once, segments first, for those are removed last. */
function snapshot(from: string, to: string): void {
  const names = readdirSync(from).filter((name) => /^(\d|positions)/.test(name));
  for (const name of names.sort())
    if (existsSync(join(from, name)))
      try {
        copyFileSync(join(from, name), join(to, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
}
