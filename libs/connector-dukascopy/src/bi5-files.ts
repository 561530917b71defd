import { decodeBi5Candles, decodeBi5Ticks } from './bi5.js';
import { Downloads, type DownloadSettings } from './downloads.js';
import type { HistoryFiles } from './history-files.js';
import type { CandleInterval } from './normalize.js';
import { dateOf, type Period } from './periods.js';

const NO_HEADERS = {};

/**
 * History by hourly files: `/datafeed/EURUSD/2019/01/04/09h_ticks.bi5` is of the 4th of February, for months count from 0.
 * @param url address without `/datafeed`.
 */
export function bi5Files(url: string, settings: DownloadSettings): HistoryFiles {
  const downloads = new Downloads('bi5', url, NO_HEADERS, settings);
  return {
    ticks: ({ venueSymbol, divisor }, hour, signal) => {
      const path = `/datafeed/${venueSymbol}/${dayPath(hour)}/${two(dateOf(hour.from).hour)}h_ticks.bi5`;
      const decode = (bytes: Uint8Array) => decodeBi5Ticks(bytes, divisor);
      return downloads.get({ path, period: hour, decode }, signal);
    },
    candles: ({ venueSymbol, divisor }, { interval, side, period }, signal) => {
      const path = `/datafeed/${venueSymbol}/${candlePath(interval, side.toUpperCase(), period)}`;
      const decode = (bytes: Uint8Array) => decodeBi5Candles(bytes, divisor, period.from);
      return downloads.get({ path, period, decode }, signal);
    },
  };
}

function candlePath(interval: CandleInterval, side: string, period: Period): string {
  const { year, month } = dateOf(period.from);
  switch (interval) {
    case '1m':
      return `${dayPath(period)}/${side}_candles_min_1.bi5`;
    case '1h':
      return `${year}/${two(month - 1)}/${side}_candles_hour_1.bi5`;
    case '1d':
      return `${year}/${side}_candles_day_1.bi5`;
  }
}

function dayPath({ from }: Period): string {
  const { year, month, day } = dateOf(from);
  return `${year}/${two(month - 1)}/${two(day)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
