import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { RecordedFrame } from './recorded-frame.js';
import { readRecording } from './recording.js';

const folder = mkdtempSync(join(tmpdir(), 'recording-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TRADE = '{"stream":"btcusdt@trade","data":{"e":"trade","t":1}}';
const BTC_DEPTH =
  '{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","U":990,"u":1000,"b":[],"a":[]}}';
const ETH_DEPTH = '{"stream":"ethusdt@depth@100ms","data":{"e":"depthUpdate","U":490,"u":500,"b":[],"a":[]}}';
const snapshot = (id: number) => `{"lastUpdateId":${id},"bids":[],"asks":[]}`;
const line = (time: number, json: string) => `17231612539${time}085768 ${json}`;
const micros = (time: number) => Number(`17231612539${time}085`);

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(path: string): Promise<RecordedFrame[]> {
  const frames: RecordedFrame[] = [];
  for await (const frame of readRecording(path)) frames.push(frame);
  return frames;
}

/** The first line below, compressed by xz. */
const XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ABJAEVdABiNwoszCzedjo60BtMoQ99r0gNS0sV8Th9fpoUmbNXPcfBEW8Y3DVZgboqdB8c62yeE+biUOJEaOlJ5VyOW/sKg+O9AAAAAAAAADfZeC+SAMgABYUpDR2nKH7bzfQEAAAAABFla';

describe('readRecording', () => {
  const lines = [line(37, TRADE), line(38, BTC_DEPTH), line(39, snapshot(995)), line(40, TRADE)];
  const content = `${lines.join('\n')}\n`;
  const frames = [
    { receivedAt: micros(37), stream: 'btcusdt@trade', text: TRADE },
    { receivedAt: micros(38), stream: 'btcusdt@depth@100ms', text: BTC_DEPTH },
    { receivedAt: micros(39), stream: undefined, snapshotOf: 'BTCUSDT', text: snapshot(995) },
    { receivedAt: micros(40), stream: 'btcusdt@trade', text: TRADE },
  ];

  it('reads plain text, its receive times cut to microseconds', async () => {
    expect(await read(file('plain.txt', content))).toEqual(frames);
    expect(await read(file('unended.txt', content.trimEnd()))).toEqual(frames);
    expect(await read(file('windows.txt', content.replaceAll('\n', '\r\n')))).toEqual(frames);
  });

  it('reads .gz and .xz', async () => {
    expect(await read(file('recording.txt.gz', gzipSync(content)))).toEqual(frames);
    expect(await read(file('recording.txt.xz', Buffer.from(XZ, 'base64')))).toEqual([
      { receivedAt: micros(37), stream: 'btcusdt@trade', text: TRADE },
    ]);
  });

  it('gives a snapshot to the symbol whose update ids are nearest', async () => {
    const mixed = [BTC_DEPTH, ETH_DEPTH, snapshot(505), TRADE, snapshot(1010)];
    const read2 = await read(file('mixed.txt', mixed.map((json) => line(37, json)).join('\n')));
    expect(read2.map((frame) => frame.stream ?? frame.snapshotOf)).toEqual([
      'btcusdt@depth@100ms',
      'ethusdt@depth@100ms',
      'ETHUSDT',
      'btcusdt@trade',
      'BTCUSDT',
    ]);
  });

  it('gives a snapshot before any stream to the first one', async () => {
    const path = file('early.txt', [line(37, snapshot(1)), line(38, TRADE)].join('\n'));
    expect(await read(path)).toEqual([
      { receivedAt: micros(37), stream: undefined, snapshotOf: 'BTCUSDT', text: snapshot(1) },
      { receivedAt: micros(38), stream: 'btcusdt@trade', text: TRADE },
    ]);
  });

  it.each([
    ['no JSON', 'xyz', /^\S+malformed\.txt:2: not JSON: xyz$/],
    ['a torn line', TRADE.slice(0, -1), /:2: not JSON: \{"stream"/],
    ['another JSON', '[1]', /:2: neither \{"stream":…,"data":…\} nor a depth snapshot$/],
    ['a bare number', '1', /:2: not a JSON object: 1$/],
    ['an object of another kind', '{"e":"trade"}', /:2: neither/],
  ])('names file and line of %s', async (_what, json, message) => {
    const path = file('malformed.txt', [line(37, TRADE), line(38, json)].join('\n'));
    await expect(read(path)).rejects.toThrow(message);
  });

  it.each(['1723161253', '17231612539370857x8', '-723161253937085768'])(
    'names file and line of the receive time %s',
    async (time) => {
      const path = file('malformed.txt', `\n${time} ${TRADE}\n`);
      await expect(read(path)).rejects.toThrow(
        /:2: a line begins with its receive time in nanoseconds, not with/,
      );
    },
  );

  it('yields what stands before a malformed line', async () => {
    const path = file('malformed.txt', [line(37, TRADE), 'nothing'].join('\n'));
    const frames = readRecording(path);
    expect((await frames.next()).value).toMatchObject({ stream: 'btcusdt@trade' });
    await expect(frames.next()).rejects.toThrow(/:2: no space after the receive time/);
  });

  it('says in one line that there is no such file', async () => {
    const path = join(folder, 'nosuch.txt.gz');
    await expect(read(path)).rejects.toThrow(`no recording at ${path}: give the path of`);
  });

  it.each(['gz', 'xz'])('says that a .%s archive is damaged or cut short', async (kind) => {
    const whole = kind === 'gz' ? gzipSync(content) : Buffer.from(XZ, 'base64');
    const path = file(`damaged.txt.${kind}`, whole.subarray(0, whole.length - 20));
    await expect(read(path)).rejects.toThrow(`cannot read ${path} past line`);
    await expect(read(file(`garbage.txt.${kind}`, content))).rejects.toThrow('cannot read');
  });

  it('says that bytes are no UTF-8', async () => {
    await expect(read(file('latin1.txt', Buffer.from([0x31, 0xff, 0x0a])))).rejects.toThrow('cannot read');
  });
});
