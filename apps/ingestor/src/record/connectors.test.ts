import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Config } from '../config/schema.js';
import { createConnectors } from './connectors.js';

it('makes a connector of every venue that is named', () => {
  expect([...createConnectors(Config.parse({}), new Registry()).keys()]).toEqual(['BINANCE']);
});

it('names the setting when the venue cannot be what it says', () => {
  const binance = { symbols: ['BTCUSDT'], wsUrl: 'ws://host?x=1' };
  expect(() => createConnectors(Config.parse({ venues: { binance } }), new Registry())).toThrow(
    'venues.binance: wsUrl is "ws://host?x=1": give it as wss://host or ws://host',
  );
});
