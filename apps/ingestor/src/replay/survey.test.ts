import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Scratch } from '@autotrader/runtime/testing';
import { inventedRecording } from '../testing/recordings.js';
import { surveyRecording } from './survey.js';

const scratch = new Scratch();
afterEach(() => scratch.clean());

const TIMES = [1_700_000_000_000_000, 1_700_000_000_250_000];
const GOOD = inventedRecording('BTCUSDT', TIMES);

describe('a survey of a recording', () => {
  it('finds symbols, streams, frames and the time they came in', async () => {
    const file = await scratch.file('r.txt', GOOD + inventedRecording('ETHUSDT', [1_699_999_999_000_000]));
    expect(await surveyRecording(file)).toEqual({
      symbols: ['BTCUSDT', 'ETHUSDT'],
      streams: ['trade', 'bookTicker'],
      frames: 6,
      from: 1_699_999_999_000_000,
      to: 1_700_000_000_250_000,
    });
  });

  it('counts a depth snapshot of REST as no frame', async () => {
    const snapshot = '1700000000000000000 {"lastUpdateId":5,"bids":[],"asks":[]}\n';
    expect(await surveyRecording(await scratch.file('r.txt', GOOD + snapshot))).toMatchObject({ frames: 4 });
  });

  it('tells how far it is', async () => {
    const many = inventedRecording(
      'BTCUSDT',
      Array.from({ length: 5_000 }, (_, index) => 1.7e15 + index),
    );
    const told: number[] = [];
    await surveyRecording(await scratch.file('r.txt', many), { onProgress: (frames) => told.push(frames) });
    expect(told).toEqual([10_000]);
  });

  it('ends when it is told to', async () => {
    const file = await scratch.file('r.txt', GOOD);
    await expect(surveyRecording(file, { signal: AbortSignal.abort() })).rejects.toThrow(
      'ended before it was read',
    );
  });
});

describe('a recording that is none is refused in one line:', () => {
  const unknown = '1700000000000000000 {"stream":"btcusdt@miniTicker","data":{}}\n';
  it.each<[string, string, string | Uint8Array, string]>([
    ['an empty file', 'r.txt', '', ': holds no frame of a stream'],
    ['empty lines', 'r.txt', '\n\n', ': holds no frame of a stream'],
    ['a line without a time', 'r.txt', `${GOOD}hello\n`, ':5: no space after the receive time'],
    [
      'a time that is none',
      'r.txt',
      `${GOOD}now {"stream":"a@trade","data":{}}\n`,
      ':5: a line begins with its',
    ],
    ['a line that is cut', 'r.txt', GOOD.slice(0, -9), ':4: not JSON: {"stream":"btcusdt@bookTicker"'],
    ['a message without a stream', 'r.txt', `${GOOD}1700000000000000000 {}\n`, ':5: neither {"stream":…'],
    [
      'a stream that is not recorded',
      'r.txt',
      unknown,
      ': the stream btcusdt@miniTicker is not one that is recorded',
    ],
    ['text that is no archive', 'r.txt.gz', GOOD, 'past line 0: incorrect header check'],
    ['an archive that is cut', 'r.txt.gz', gzipSync(GOOD).subarray(0, -20), 'unexpected end of file'],
    ['text that is no xz', 'r.txt.xz', GOOD, 'cannot read'],
  ])('%s', async (_, name, content, expected) => {
    const file = await scratch.file(name, content);
    const message = await surveyRecording(file).then(
      () => 'it was accepted',
      (error: unknown) => String(error),
    );
    expect(message).toMatch(/^UserError: /);
    expect(message).toContain(file);
    expect(message).toContain(expected);
    expect(message).not.toContain('\n');
  });

  it('a file that is not there', async () => {
    await expect(surveyRecording('/no/such/file.txt')).rejects.toThrow(
      'no recording at /no/such/file.txt: give the path of a .txt, .txt.gz or .txt.xz file',
    );
  });

  it('a folder', async () => {
    const folder = await scratch.folder();
    await expect(surveyRecording(folder)).rejects.toThrow(`cannot read ${folder} past line 0: EISDIR`);
  });
});
