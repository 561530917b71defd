import { Downloads, type DownloadSettings } from './downloads.js';
import type { HistoryFiles } from './history-files.js';
import { decodeJettaCandles, decodeJettaTicks } from './jetta.js';
import type { CandleInterval } from './normalize.js';
import { dateOf } from './periods.js';

const MILLI = 1_000;

/** Without a browser's headers the venue answers with nothing (HTTP 202). */
const HEADERS = {
  accept: 'application/json, text/plain, */*',
  'user-agent':
    'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  origin: 'https://www.dukascopy.com',
  referer: 'https://www.dukascopy.com/',
};

const UNITS = { '1m': 'minute', '1h': 'hour', '1d': 'day' } as const satisfies Record<CandleInterval, string>;

/**
 * History by the JSON interface: `/ticks/EUR-USD/2019/2/4/9`; months count from 1, and nothing is padded.
 * @param url address with the version.
 */
export function jettaFiles(url: string, settings: DownloadSettings): HistoryFiles {
  const downloads = new Downloads('jetta', url, HEADERS, settings);
  return {
    ticks: ({ name }, hour, signal) => {
      const date = dateOf(hour.from);
      const path = `/ticks/${codeOf(name)}/${date.year}/${date.month}/${date.day}/${date.hour}`;
      const decode = (bytes: Uint8Array) => decodeJettaTicks(bytes, hour.from / MILLI);
      return downloads.get({ path, period: hour, decode }, signal);
    },
    candles: ({ name }, { interval, side, period }, signal) => {
      const { year, month, day } = dateOf(period.from);
      const date = { '1m': [year, month, day], '1h': [year, month], '1d': [year] }[interval].join('/');
      const path = `/candles/${UNITS[interval]}/${codeOf(name)}/${side.toUpperCase()}/${date}`;
      return downloads.get({ path, period, decode: decodeJettaCandles }, signal);
    },
  };
}

/** `EUR-USD`, `AAPL.US-USD`. */
function codeOf(name: string): string {
  return encodeURIComponent(name.replace('/', '-'));
}
