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
  /** Nothing more happens on its market, until it is resumed. */
  pause(): void;
  resume(): void;
  /** Ends every connection without a goodbye. */
  cut(): void;
  /** Whether anybody can connect; who is connected is cut off when not. */
  setReachable(isReachable: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** How busy the markets are: orders, prices and ticks a second of each instrument. */
export interface MarketPace {
  readonly binance: number;
  readonly oanda: number;
  readonly ibkr: number;
}

/** As the simulators have it by themselves: some 150 events a second in all. */
const CALM: MarketPace = { binance: 50, oanda: 4, ibkr: 20 };

/** Every venue there is, each with a market of its own; one line a venue. */
export async function startVenues(clock: Clock, pace = CALM): Promise<SimulatedVenue[]> {
  return Promise.all([
    startBinance(clock, pace.binance),
    startOanda(clock, pace.oanda),
    startIbkr(clock, pace.ibkr),
  ]);
}

/** The secrets of all of them. */
export function secretsOfVenues(venues: readonly SimulatedVenue[]): Secrets {
  return (name) => venues.map(({ secrets }) => secrets[name]).find((secret) => secret !== undefined);
}

async function startBinance(clock: Clock, eventsPerSecond: number): Promise<SimulatedVenue> {
  const symbols = ['BTCUSDT', 'ETHUSDT'];
  const simulator = await startBinanceSimulator({ symbols, clock, market: { eventsPerSecond } });
  const { wsUrl, restUrl } = simulator;
  return {
    name: 'BINANCE',
    config: { binance: { symbols, streams: ['trade', 'depth20'], wsUrl, restUrl } },
    secrets: {},
    sent: simulator.sent,
    pause: () => simulator.market.pause(),
    resume: () => simulator.market.start(),
    cut: () => simulator.faults.cut(),
    setReachable: async (isReachable) => {
      await simulator.faults.refuseConnections(!isReachable);
      if (!isReachable) simulator.faults.cut();
    },
    stop: () => simulator.stop(),
  };
}

async function startOanda(clock: Clock, market: number): Promise<SimulatedVenue> {
  const simulator = await startOandaSimulator({ now: () => clock.now(), market });
  const { url, apiKey, accountId } = simulator;
  return {
    name: 'OANDA',
    config: { oanda: { symbols: ['EUR_USD', 'USD_JPY'], streamUrl: url, restUrl: url } },
    secrets: { OANDA_API_KEY: apiKey, OANDA_ACCOUNT_ID: accountId },
    sent: simulator.sent,
    pause: () => simulator.market.pause(),
    resume: () => simulator.market.resume(),
    cut: () => simulator.faults.cut(),
    setReachable: async (isReachable) => {
      simulator.faults.refuse(isReachable ? undefined : 503);
      if (!isReachable) simulator.faults.cut();
    },
    stop: () => simulator.stop(),
  };
}

async function startIbkr(clock: Clock, market: number): Promise<SimulatedVenue> {
  const simulator = await startTwsSimulator({ now: () => clock.now(), tickByTickEveryMs: 0, market });
  const { host, port } = simulator;
  const streams = ['Last' as const, 'BidAsk' as const];
  let stopped: { up(): Promise<void> } | undefined;
  return {
    name: 'IBKR',
    config: { ibkr: { symbols: ['AAPL', 'MSFT'], streams, host, port, tickByTickEveryMs: 0 } },
    secrets: {},
    sent: simulator.sent,
    pause: () => simulator.market.pause(),
    resume: () => simulator.market.resume(),
    cut: () => simulator.faults.cut(),
    setReachable: async (isReachable) => {
      if (isReachable) await stopped?.up();
      stopped = isReachable ? undefined : simulator.faults.restart();
    },
    stop: () => simulator.stop(),
  };
}
