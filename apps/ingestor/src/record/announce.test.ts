import { describe, expect, it } from '@jest/globals';
import {
  type ConnectorEvents,
  type ConnectorStatus,
  type MarketDataConnector,
  ParseError,
  RejectedError,
} from '@autotrader/connector-core';
import type { Gap } from '@autotrader/schemas';
import { LogLines } from '@autotrader/runtime/testing';
import { announce } from './announce.js';

type Callbacks = { [Name in keyof ConnectorEvents]?: (event: ConnectorEvents[Name]) => void };

/** What is said of these events. */
function said(tell: (callbacks: Required<Callbacks>) => void): string[] {
  const callbacks: Record<string, unknown> = {};
  const connector = {
    on(name: string, callback: unknown) {
      callbacks[name] = callback;
      return connector;
    },
  };
  const { log, lines } = new LogLines();
  announce('BINANCE', connector as unknown as MarketDataConnector, log);
  tell(callbacks as Required<Callbacks>);
  return lines;
}

const saidOf = (...statuses: ConnectorStatus[]): string[] =>
  said(({ status }) => statuses.forEach((each) => status(each)));

const source = {
  venue: 'BINANCE',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  assetClass: 'CRYPTO',
  stream: 'trade',
} as const;

const gap: Gap = {
  type: 'gap',
  ...source,
  timestamp: 2_000_000,
  receivedAt: 3_000_000,
  fromTime: 1_000_000,
  toTime: 2_000_000,
  cause: 'DISCONNECT',
};

const reconnecting = (tries: number): ConnectorStatus => ({
  type: 'reconnecting',
  reason: 'Binance cannot be reached at https://api.binance.com (ENOTFOUND)',
  retryInMs: 1_480,
  tries,
});

describe('of a connector the log says', () => {
  it.each<[ConnectorStatus, string]>([
    [{ type: 'connecting', url: 'ws://x' }, 'info: BINANCE: connecting to ws://x'],
    [{ type: 'live', streams: 4 }, 'info: BINANCE: live, 4 streams'],
    [{ type: 'rollover', reason: 'it is old' }, 'info: BINANCE: moving to a new connection: it is old'],
    [
      { type: 'stale', source, silentForMs: 61_000 },
      'warn: BINANCE: BTC/USDT trade has been silent for 61.0 s',
    ],
    [{ type: 'recovered', source }, 'info: BINANCE: BTC/USDT trade speaks again'],
    [
      { type: 'precision_loss', source, text: '0.1234567890123456789' },
      'warn: BINANCE: BTC/USDT trade sends numbers of more than 15 digits (0.1234567890123456789), kept as the nearest double',
    ],
    [{ type: 'back_pressure', isPaused: true }, 'warn: BINANCE: storage is behind, reading is paused'],
    [{ type: 'back_pressure', isPaused: false }, 'info: BINANCE: storage has caught up, reading goes on'],
    [{ type: 'stopped' }, 'info: BINANCE: stopped, everything is flushed'],
  ])('%j in one line', (status, line) => {
    expect(saidOf(status)).toEqual([line]);
  });

  it('why the venue cannot be reached, and once, before it ever was, that there is the demo', () => {
    expect(saidOf(reconnecting(1), reconnecting(2))).toEqual([
      'warn: BINANCE: Binance cannot be reached at https://api.binance.com (ENOTFOUND); next try in 1.5 s. Without a network, `npm run demo` shows everything',
      'warn: BINANCE: Binance cannot be reached at https://api.binance.com (ENOTFOUND); next try in 1.5 s',
    ]);
  });

  it('nothing of the demo when a connection that was there is lost', () => {
    const [, line] = saidOf({ type: 'live', streams: 4 }, reconnecting(1));
    expect(line).not.toContain('demo');
  });

  it('what is missing: by ids where there are some, by time, and why', () => {
    const lines = said(({ gap: tell }) => {
      tell({ ...gap, cause: 'SEQUENCE', fromSequence: 10, toSequence: 12 });
      tell(gap);
      tell({ ...gap, healedAt: 4_000_000 });
    });
    const times = '1970-01-01T00:00:01.000000Z to 1970-01-01T00:00:02.000000Z';
    expect(lines).toEqual([
      `warn: BINANCE: gap in BTC/USDT trade: ids 10 to 12, ${times} (SEQUENCE)`,
      `warn: BINANCE: gap in BTC/USDT trade: ${times} (DISCONNECT)`,
      `warn: BINANCE: gap healed in BTC/USDT trade: ${times} (DISCONNECT)`,
    ]);
  });

  it('what the venue refuses', () => {
    const lines = said(({ error }) => error(new RejectedError('BINANCE', 'Binance has no symbol X')));
    expect(lines).toEqual(['error: BINANCE: Binance has no symbol X']);
  });

  it('the first ten bad frames only', () => {
    const lines = said(({ error }) => {
      for (let frame = 0; frame < 50; frame++) error(new ParseError('BINANCE', 'not JSON', Uint8Array.of(1)));
    });
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('warn: BINANCE: a frame went to quarantine: not JSON');
    expect(lines[9]).toMatch(/further ones are only counted \(quarantined_frames_total\)$/);
  });
});
