import { type Clock, systemClock } from '@autotrader/connector-core';
import { instrumentOf, type SimulatedInstrument } from './instrument.js';
import type { GeneratedMarketOptions } from './market/generated-market.js';

/** How the simulated venue is; everything has the real venue's value by default. */
export interface BinanceSimulatorOptions {
  /** `BTCUSDT` and `ETHUSDT` by default; a bare name must end in a well-known quote asset. */
  readonly symbols?: readonly (string | SimulatedInstrument)[];
  /** `false`: no data of its own, for scripts and recordings. */
  readonly market?: GeneratedMarketOptions | false;
  /** TCP port on 127.0.0.1; 0 (by default) takes a free one. */
  readonly port?: number;
  /** The venue's clock; limits and pings go by real time all the same. The system's by default. */
  readonly clock?: Pick<Clock, 'now'>;
  /** As binance.us: times are milliseconds, whatever is asked for. */
  readonly alwaysMilliseconds?: boolean;
  /** 20,000 by default. */
  readonly pingIntervalMs?: number;
  /** How long a PING may go unanswered; 60,000 by default. */
  readonly pongTimeoutMs?: number;
  /** What a connection may send in a second, PING, PONG and JSON counted alike; 5 by default. */
  readonly maxMessagesPerSecond?: number;
  /** Streams on one connection; 1,024 by default. */
  readonly maxStreams?: number;
  /** How old a connection may become; 24 hours by default. */
  readonly connectionLifetimeMs?: number;
  /** Attempts to connect in 5 minutes; 300 by default. */
  readonly maxConnectionAttempts?: number;
  /** REST request weight a minute; 6,000 by default. */
  readonly maxWeightPerMinute?: number;
}

/** The options with nothing left out. */
export interface SimulatorSettings {
  readonly instruments: readonly SimulatedInstrument[];
  readonly market: GeneratedMarketOptions | false;
  readonly port: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly alwaysMilliseconds: boolean;
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
  readonly maxMessagesPerSecond: number;
  readonly maxStreams: number;
  readonly connectionLifetimeMs: number;
  readonly maxConnectionAttempts: number;
  readonly maxWeightPerMinute: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function settingsOf(options: BinanceSimulatorOptions): SimulatorSettings {
  const { symbols = ['BTCUSDT', 'ETHUSDT'], ...given } = options;
  return {
    market: {},
    port: 0,
    clock: systemClock(),
    alwaysMilliseconds: false,
    pingIntervalMs: 20_000,
    pongTimeoutMs: 60_000,
    maxMessagesPerSecond: 5,
    maxStreams: 1024,
    connectionLifetimeMs: DAY_MS,
    maxConnectionAttempts: 300,
    maxWeightPerMinute: 6000,
    ...given,
    instruments: symbols.map(instrumentOf),
  };
}
