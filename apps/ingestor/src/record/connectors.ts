import { BinanceConnector } from '@autotrader/connector-binance';
import type { MarketDataConnector } from '@autotrader/connector-core';
import type { Registry } from 'prom-client';
import type { Config } from '../config/schema.js';

/** A connector of every venue the config names; one line a venue. */
export function createConnectors(config: Config, registry: Registry): Map<string, MarketDataConnector<never>> {
  const { binance } = config.venues;
  const shared = { bufferSize: config.buffer.size, flushIntervalMs: config.buffer.flushIntervalMs, registry };
  const connectors = new Map<string, MarketDataConnector<never>>();
  if (binance !== undefined) connectors.set('BINANCE', new BinanceConnector({ ...binance, ...shared }));
  return connectors;
}
