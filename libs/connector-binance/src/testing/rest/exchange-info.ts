import type { Micros } from '@autotrader/schemas';
import type { SimulatedInstrument } from '../instrument.js';
import { DecimalScale } from '../market/decimal-scale.js';
import { inUnit, type TimeUnit } from '../time-unit.js';

/** https://developers.binance.com/docs/binance-spot-api-docs/rest-api/general-endpoints#exchange-information */
export function exchangeInfo(
  instruments: readonly SimulatedInstrument[],
  weightPerMinute: number,
  now: Micros,
  unit: TimeUnit,
): unknown {
  return {
    timezone: 'UTC',
    serverTime: inUnit(now, unit),
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: weightPerMinute },
      { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 300_000 },
    ],
    exchangeFilters: [],
    symbols: instruments.map(symbolInfo),
  };
}

function symbolInfo(instrument: SimulatedInstrument): unknown {
  const { symbol, status = 'TRADING', baseAsset, quoteAsset } = instrument;
  const tickSize = new DecimalScale(instrument.tickSize).format(1);
  const stepSize = new DecimalScale(instrument.stepSize).format(1);
  return {
    symbol,
    status,
    baseAsset,
    baseAssetPrecision: 8,
    quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET'],
    icebergAllowed: true,
    ocoAllowed: true,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '10000000.00000000', tickSize },
      { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: '900000000.00000000', stepSize },
    ],
    permissions: [],
    permissionSets: [['SPOT']],
  };
}
