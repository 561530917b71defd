import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { NotRunnable } from './not-runnable.mjs';

const FOLDER = 'binance-spot-trades';
const DAY = '2024-08-08';
const NEWLINE = 0x0a;
const SPACE = 0x20;

/**
 * The frames of the two recordings in order of receipt, as one connection would have had them; each has its own bytes,
 * as a socket hands them out, and its receive time in microseconds. The REST snapshots stand apart.
 */
export function readRecording(directory) {
  const frames = [];
  const snapshots = [];
  for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
    const path = join(directory, FOLDER, `${symbol.toLowerCase()}-${DAY}.txt.gz`);
    if (!existsSync(path)) {
      throw new NotRunnable(
        `no recording at ${path}: give the folder that holds ${FOLDER} with --recordings DIR`,
      );
    }
    for (const { receivedAt, bytes } of lines(gunzipSync(readFileSync(path)))) {
      const kind = kindOf(bytes);
      if (kind === undefined) snapshots.push({ symbol, book: JSON.parse(bytes.toString()) });
      else frames.push({ kind, receivedAt, bytes });
    }
  }
  frames.sort((a, b) => a.receivedAt - b.receivedAt);
  return { frames, snapshots };
}

// a line is `<receive time, ns> <json>`
function* lines(content) {
  for (let start = 0; start < content.length;) {
    const newline = content.indexOf(NEWLINE, start);
    const end = newline < 0 ? content.length : newline;
    const space = content.indexOf(SPACE, start);
    const receivedAt = Number(content.toString('latin1', start, space - 3));
    yield { receivedAt, bytes: Buffer.from(content.subarray(space + 1, end)) };
    start = end + 1;
  }
}

function kindOf(bytes) {
  const opening = bytes.toString('latin1', 0, 48);
  return /^\{"stream":"\w+@(trade|bookTicker|depth)/.exec(opening)?.[1];
}
