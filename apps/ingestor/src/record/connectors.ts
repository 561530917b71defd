import { BinanceConnector } from '@autotrader/connector-binance';
import type { Clock, MarketDataConnector } from '@autotrader/connector-core';
import type { Registry } from 'prom-client';
import type { Config } from '../config/schema.js';

/** A connector of every venue the config names; one line a venue. */
export function createConnectors(
  config: Config,
  registry: Registry,
  clock?: Clock,
): Map<string, MarketDataConnector<never>> {
  const { binance } = config.venues;
  const { size: bufferSize, flushIntervalMs } = config.buffer;
  const shared = { bufferSize, flushIntervalMs, registry, clock };
  const connectors = new Map<string, MarketDataConnector<never>>();
  if (binance !== undefined) connectors.set('BINANCE', new BinanceConnector({ ...binance, ...shared }));
  return connectors;
}
