import { startBinanceSimulator } from '@autotrader/connector-binance/testing';
import { startTwsSimulator } from '@autotrader/connector-ibkr/testing';
import { startOandaSimulator } from '@autotrader/connector-oanda/testing';
import type { Clock } from '@autotrader/connector-core';
import type { SentTruth } from '@autotrader/connector-core/testing';
import type { z } from 'zod';
import type { Secrets } from '@autotrader/runtime';
import type { Config } from '../config/schema.js';

/** A venue of the demo: a simulator, and how the ingestor finds it. */
export interface SimulatedVenue {
  /** In capitals, as it stands in events. */
  readonly name: string;
  readonly config: z.input<typeof Config>['venues'];
  readonly secrets: Readonly<Record<string, string>>;
  readonly sent: SentTruth;
  /** Nothing more happens on its market. */
  pause(): void;
  stop(): Promise<void>;
}

/** Every venue there is, each with a market of its own; one line a venue. */
export async function startVenues(clock: Clock): Promise<SimulatedVenue[]> {
  return Promise.all([startBinance(clock), startOanda(clock), startIbkr(clock)]);
}

/** The secrets of all of them. */
export function secretsOfVenues(venues: readonly SimulatedVenue[]): Secrets {
  return (name) => venues.map(({ secrets }) => secrets[name]).find((secret) => secret !== undefined);
}

async function startBinance(clock: Clock): Promise<SimulatedVenue> {
  const symbols = ['BTCUSDT', 'ETHUSDT'];
  const simulator = await startBinanceSimulator({ symbols, clock });
  const { wsUrl, restUrl } = simulator;
  return {
    name: 'BINANCE',
    config: { binance: { symbols, streams: ['trade', 'depth20'], wsUrl, restUrl } },
    secrets: {},
    sent: simulator.sent,
    pause: () => simulator.market.pause(),
    stop: () => simulator.stop(),
  };
}

async function startOanda(clock: Clock): Promise<SimulatedVenue> {
  const simulator = await startOandaSimulator({ now: () => clock.now() });
  const { url, apiKey, accountId } = simulator;
  return {
    name: 'OANDA',
    config: { oanda: { symbols: ['EUR_USD', 'USD_JPY'], streamUrl: url, restUrl: url } },
    secrets: { OANDA_API_KEY: apiKey, OANDA_ACCOUNT_ID: accountId },
    sent: simulator.sent,
    pause: () => simulator.market.pause(),
    stop: () => simulator.stop(),
  };
}

async function startIbkr(clock: Clock): Promise<SimulatedVenue> {
  const simulator = await startTwsSimulator({ now: () => clock.now(), tickByTickEveryMs: 0 });
  const { host, port } = simulator;
  const streams = ['Last' as const, 'BidAsk' as const];
  return {
    name: 'IBKR',
    config: { ibkr: { symbols: ['AAPL', 'MSFT'], streams, host, port, tickByTickEveryMs: 0 } },
    secrets: {},
    sent: simulator.sent,
    pause: () => simulator.market.pause(),
    stop: () => simulator.stop(),
  };
}
