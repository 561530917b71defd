import { BinanceConnector } from '@autotrader/connector-binance';
import { IbkrConnector, type IbkrConnectorOptions } from '@autotrader/connector-ibkr';
import { OandaConnector } from '@autotrader/connector-oanda';
import type { ConnectorOptions, MarketDataConnector } from '@autotrader/connector-core';
import { type Secrets, UserError } from '@autotrader/runtime';
import type { Config } from '../config/schema.js';

/**
 * A connector of every venue the config names; one line a venue.
 * @throws UserError when a venue cannot be set up as the config says.
 */
export function createConnectors(
  config: Config,
  secrets: Secrets,
  surroundings: Pick<ConnectorOptions, 'registry' | 'clock' | 'resumeFrom'>,
): Map<string, MarketDataConnector> {
  const { binance, oanda, ibkr } = config.venues;
  const { size: bufferSize, flushIntervalMs } = config.buffer;
  const shared = { bufferSize, flushIntervalMs, ...surroundings };
  const connectors = new Map<string, MarketDataConnector>();
  const add = (venue: string, create: () => MarketDataConnector): void => {
    connectors.set(venue, orUserError(`venues.${venue.toLowerCase()}`, create));
  };
  if (binance !== undefined) add('BINANCE', () => new BinanceConnector({ ...binance, ...shared }));
  if (oanda !== undefined) {
    const credentials = { apiKey: secrets('OANDA_API_KEY'), accountId: secrets('OANDA_ACCOUNT_ID') };
    add('OANDA', () => new OandaConnector({ ...oanda, ...credentials, ...shared }));
  }
  if (ibkr !== undefined) {
    const contracts = ibkr.contracts as IbkrConnectorOptions['contracts'] & object;
    add('IBKR', () => new IbkrConnector({ ...ibkr, contracts, ...shared }));
  }
  return connectors;
}

/** What a connector cannot be told is said of the setting, in one line. */
function orUserError<Connector>(setting: string, create: () => Connector): Connector {
  try {
    return create();
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${setting}: ${error.message}`);
    throw error;
  }
}
