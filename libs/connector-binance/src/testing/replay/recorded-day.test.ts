import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RawClient } from '../raw-client.js';
import type { BinanceSimulator } from '../simulator.js';
import { startBinanceSimulator } from '../start-simulator.js';
import { readRecording } from './recording.js';

const FOLDER = fileURLToPath(
  new URL('../../../../../../shared/recordings/binance-spot-trades/', import.meta.url),
);
/** Recorded venue traffic is not part of the project: tests that need it are skipped where it is not there. */
const describeRecorded = existsSync(FOLDER) ? describe : describe.skip;

let simulator: BinanceSimulator;
afterEach(() => simulator.stop());

describeRecorded('recordings of 2024-08-08 (../shared/recordings)', () => {
  it.each([
    [
      'btcusdt',
      { trade: 9757, bookTicker: 28_040, depth: 3451 },
      3_735_683_259,
      3_735_693_015,
      50_093_239_218,
    ],
    [
      'ethusdt',
      { trade: 6106, bookTicker: 24_077, depth: 3434 },
      1_520_538_925,
      1_520_545_030,
      35_346_513_512,
    ],
  ])(
    'sends every frame of %s once, byte by byte',
    async (name, counts, firstId, lastId, lastUpdateId) => {
      const symbol = name.toUpperCase();
      simulator = await startBinanceSimulator({ market: false, symbols: [symbol] });
      const streams = ['trade', 'bookTicker', 'depth@100ms'].map((stream) => `${name}@${stream}`);
      const client = await RawClient.open(`${simulator.wsUrl}/stream?streams=${streams.join('/')}`);
      const path = `${FOLDER}${name}-2024-08-08.txt.gz`;
      const recorded: string[] = [];
      for await (const frame of readRecording(path))
        if (frame.stream !== undefined) recorded.push(frame.text);

      const { messages, snapshots } = await simulator.play({ frames: readRecording(path) });
      await client.rest();

      expect({ messages, snapshots }).toEqual({ messages: recorded.length, snapshots: 1 });
      expect(client.texts.slice(0, -1).join('\n') === recorded.join('\n')).toBe(true);
      expect(simulator.sent.all()).toMatchObject([
        { stream: `${name}@bookTicker`, frames: counts.bookTicker, events: counts.bookTicker },
        { stream: `${name}@depth@100ms`, frames: counts.depth, events: counts.depth },
        { stream: `${name}@trade`, frames: counts.trade, events: counts.trade, firstId, lastId },
      ]);
      const response = await fetch(`${simulator.restUrl}/api/v3/depth?symbol=${symbol}&limit=5`);
      expect(await response.json()).toMatchObject({ lastUpdateId });
    },
    60_000,
  );
});
