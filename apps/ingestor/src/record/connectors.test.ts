import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Config } from '../config/schema.js';
import { createConnectors } from './connectors.js';

it('makes a connector of every venue that is named', () => {
  expect([
    ...createConnectors(Config.parse({}), () => undefined, { registry: new Registry() }).keys(),
  ]).toEqual(['BINANCE']);
});

it('names the setting when the venue cannot be what it says', () => {
  const binance = { symbols: ['BTCUSDT'], wsUrl: 'ws://host?x=1' };
  expect(() =>
    createConnectors(Config.parse({ venues: { binance } }), () => undefined, { registry: new Registry() }),
  ).toThrow('venues.binance: wsUrl is "ws://host?x=1": give it as wss://host or ws://host');
});

it('takes the credentials of a venue from the secrets, and says in one line which is missing', () => {
  const config = Config.parse({ venues: { oanda: { symbols: ['EUR_USD'] } } });
  const secrets: Record<string, string> = { OANDA_API_KEY: 'key', OANDA_ACCOUNT_ID: '101-004-1234567-001' };
  const registry = new Registry();
  expect([...createConnectors(config, (name) => secrets[name], { registry }).keys()]).toEqual(['OANDA']);
  delete secrets['OANDA_ACCOUNT_ID'];
  expect(() => createConnectors(config, (name) => secrets[name], { registry: new Registry() })).toThrow(
    /^venues\.oanda: Oanda needs an account id: set OANDA_ACCOUNT_ID; /,
  );
});
