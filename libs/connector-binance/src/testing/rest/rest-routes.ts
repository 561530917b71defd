import type { Clock } from '@autotrader/connector-core';
import type { DepthSnapshots } from '../depth-snapshots.js';
import type { SimulatedInstrument } from '../instrument.js';
import { inUnit, type TimeUnit } from '../time-unit.js';
import type { VenueHistory } from '../venue-history.js';
import { exchangeInfo } from './exchange-info.js';
import { badCombination, invalidSymbol } from './rest-error.js';
import type { RestParameters } from './rest-parameters.js';
import { aggregateRow, barRow, tradeRow } from './rest-rows.js';

/** Where the answers come from. */
export interface RestSources {
  readonly instruments: readonly SimulatedInstrument[];
  readonly clock: Pick<Clock, 'now'>;
  readonly weightPerMinute: number;
  readonly depth: DepthSnapshots;
  historyOf(symbol: string): VenueHistory;
}

/** One endpoint: what it costs, and what it answers. */
export interface RestRoute {
  weight(parameters: RestParameters): number;
  answer(parameters: RestParameters, sources: RestSources, unit: TimeUnit): unknown;
}

const MOST_ROWS = 1000;

/** https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints */
export const REST_ROUTES: Readonly<Record<string, RestRoute>> = {
  '/api/v3/ping': { weight: () => 1, answer: () => ({}) },
  '/api/v3/time': {
    weight: () => 1,
    answer: (_parameters, { clock }, unit) => ({ serverTime: inUnit(clock.now(), unit) }),
  },
  '/api/v3/exchangeInfo': { weight: () => 20, answer: answerExchangeInfo },
  '/api/v3/depth': {
    weight: (parameters) => depthWeight(parameters.limit(100, 5000)),
    answer: (parameters, sources) =>
      sources.depth.get(knownSymbol(parameters, sources), parameters.limit(100, 5000)),
  },
  '/api/v3/trades': { weight: () => 25, answer: answerTrades },
  '/api/v3/historicalTrades': { weight: () => 25, answer: answerTrades },
  '/api/v3/aggTrades': { weight: () => 4, answer: answerAggregates },
  '/api/v3/klines': { weight: () => 2, answer: answerBars },
  '/api/v3/uiKlines': { weight: () => 2, answer: answerBars },
};

function answerExchangeInfo(parameters: RestParameters, sources: RestSources, unit: TimeUnit): unknown {
  const wanted = parameters.symbols();
  const found = wanted?.map((symbol) => sources.instruments.find((each) => each.symbol === symbol));
  if (found?.includes(undefined)) throw invalidSymbol();
  const instruments = found?.filter((each) => each !== undefined) ?? sources.instruments;
  return exchangeInfo(instruments, sources.weightPerMinute, sources.clock.now(), unit);
}

/** `/trades` is the latest ones; only `/historicalTrades` documents `fromId`. */
function answerTrades(parameters: RestParameters, sources: RestSources, unit: TimeUnit): unknown {
  const history = sources.historyOf(knownSymbol(parameters, sources));
  const query = { fromId: parameters.wholeNumber('fromId'), limit: parameters.limit(500, MOST_ROWS) };
  return history.trades(query).map((trade) => tradeRow(trade, unit));
}

function answerAggregates(parameters: RestParameters, sources: RestSources, unit: TimeUnit): unknown {
  const history = sources.historyOf(knownSymbol(parameters, sources));
  const [fromId, startTime] = [parameters.wholeNumber('fromId'), parameters.time('startTime')];
  const endTime = parameters.time('endTime');
  if (fromId !== undefined && (startTime ?? endTime) !== undefined) throw badCombination();
  const query = { fromId, startTime, endTime, limit: parameters.limit(500, MOST_ROWS) };
  return history.aggregates(query).map((trade) => aggregateRow(trade, unit));
}

function answerBars(parameters: RestParameters, sources: RestSources, unit: TimeUnit): unknown {
  const history = sources.historyOf(knownSymbol(parameters, sources));
  const [startTime, endTime] = [parameters.time('startTime'), parameters.time('endTime')];
  const query = { startTime, endTime, limit: parameters.limit(500, MOST_ROWS) };
  return history.bars(parameters.interval(), query).map((bar) => barRow(bar, unit));
}

function knownSymbol(parameters: RestParameters, { instruments }: RestSources): string {
  const symbol = parameters.symbol();
  if (!instruments.some((each) => each.symbol === symbol)) throw invalidSymbol();
  return symbol;
}

function depthWeight(limit: number): number {
  if (limit <= 100) return 5;
  if (limit <= 500) return 25;
  return limit <= 1000 ? 50 : 250;
}
