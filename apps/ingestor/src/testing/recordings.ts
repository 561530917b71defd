import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(
  new URL('../../../../../shared/recordings/binance-spot-trades/', import.meta.url),
);

/** Recorded venue traffic is not part of the project: tests that need it are skipped where it is not there. */
export const HAS_RECORDINGS = existsSync(FOLDER);

/** Path of a recording of 2024-08-08. */
export function recordingOf2024(name: 'btcusdt' | 'ethusdt'): string {
  return `${FOLDER}${name}-2024-08-08.txt.gz`;
}

/**
 * Lines of an invented recording of one symbol: a trade and a best bid and ask for each of these receive times, in
 * microseconds since the epoch.
 */
export function inventedRecording(symbol: string, receivedAt: readonly number[]): string {
  const stream = symbol.toLowerCase();
  const line = (micros: number, name: string, data: object): string =>
    `${micros}000 ${JSON.stringify({ stream: `${stream}@${name}`, data })}\n`;
  return receivedAt
    .map((micros, index) => {
      const E = Math.floor(micros / 1000);
      const price = (100 + index / 100).toFixed(2);
      const trade = { e: 'trade', E, s: symbol, t: 1 + index, p: price, q: '0.50', T: E, m: false, M: true };
      const book = { u: 1000 + index, s: symbol, b: price, B: '1.0', a: price, A: '2.0' };
      return line(micros, 'trade', trade) + line(micros, 'bookTicker', book);
    })
    .join('');
}
