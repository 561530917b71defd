import type { Micros } from '@autotrader/schemas';
import type { TwsClient } from './client.js';
import { INSTRUMENTS, type SimulatedInstrument } from './instrument.js';
import type { TwsRequest, TwsSimulatorOptions } from './simulator.js';
import type { Field } from './wire.js';

const MOST_REQUESTS = 10_000;
const TICK_BY_TICK_EVERY_MS = 15_000;

interface Position {
  readonly account: string;
  readonly instrument: SimulatedInstrument;
  readonly size: number;
  readonly averageCost: number;
}

/** What all clients of a TWS have in common. */
export class TwsState {
  readonly instruments: readonly SimulatedInstrument[];
  readonly accounts: readonly string[];
  readonly clients = new Set<TwsClient>();
  readonly requests: TwsRequest[] = [];
  readonly occupied = new Set<number>();
  readonly refusals = new Map<string, number>();
  readonly now: () => Micros;
  isAnswering = true;
  pieces = 0;
  readonly #positions = new Map<string, Position>();
  readonly #values = new Map<string, readonly string[]>();
  readonly #tickByTickAt = new Map<number, number>();

  constructor(readonly options: TwsSimulatorOptions) {
    this.instruments = options.instruments ?? INSTRUMENTS;
    this.accounts = options.accounts ?? ['DU1234567'];
    this.now = options.now ?? (() => Math.floor((performance.timeOrigin + performance.now()) * 1000));
  }

  instrument(localSymbol: string): SimulatedInstrument {
    const found = this.instruments.find((each) => each.localSymbol === localSymbol);
    if (found === undefined) throw new RangeError(`the simulator has no instrument ${localSymbol}`);
    return found;
  }

  note(clientId: number, fields: readonly string[]): void {
    if (this.requests.length < MOST_REQUESTS) this.requests.push({ clientId, fields });
  }

  isTaken(clientId: number): boolean {
    return this.occupied.has(clientId) || [...this.clients].some((client) => client.clientId === clientId);
  }

  refusalOf({ localSymbol }: SimulatedInstrument): number | undefined {
    return this.refusals.get(localSymbol);
  }

  /** One new tick-by-tick request an instrument in so many milliseconds. */
  isTooSoon({ conId }: SimulatedInstrument): boolean {
    const now = performance.now();
    const last = this.#tickByTickAt.get(conId) ?? -Infinity;
    const isTooSoon = now - last < (this.options.tickByTickEveryMs ?? TICK_BY_TICK_EVERY_MS);
    if (!isTooSoon) this.#tickByTickAt.set(conId, now);
    return isTooSoon;
  }

  setPosition(account: string, localSymbol: string, size: number, averageCost: number): void {
    const position = { account, instrument: this.instrument(localSymbol), size, averageCost };
    this.#positions.set(`${account} ${localSymbol}`, position);
    for (const client of this.clients) {
      if (client.wantsPositions) client.send(...positionFields(position));
      if (client.account !== undefined) client.send(...portfolioFields(position));
    }
  }

  setValue(account: string, key: string, value: string, currency: string): void {
    this.#values.set(`${account} ${key} ${currency}`, [key, value, currency, account]);
    for (const client of this.clients)
      if (client.account !== undefined) client.send(6, 2, key, value, currency, account);
  }

  sendPositions(client: TwsClient): void {
    for (const position of this.#positions.values()) client.send(...positionFields(position));
    client.send(62, 1);
  }

  sendAccount(client: TwsClient): void {
    if (client.account === undefined) return;
    for (const value of this.#values.values()) client.send(6, 2, ...value);
    for (const position of this.#positions.values()) client.send(...portfolioFields(position));
    client.send(8, 1, '09:31');
    client.send(54, 1, client.account);
  }
}

function positionFields({ account, instrument, size, averageCost }: Position): Field[] {
  const { conId, symbol, secType, expiry = '', exchange, currency, localSymbol } = instrument;
  return [
    61,
    3,
    account,
    conId,
    symbol,
    secType,
    expiry,
    0,
    '',
    '',
    exchange,
    currency,
    localSymbol,
    symbol,
    size,
    averageCost,
  ];
}

function portfolioFields({ account, instrument, size, averageCost }: Position): Field[] {
  const { conId, symbol, secType, expiry = '', primaryExch, currency, localSymbol, price } = instrument;
  const money = [price, price * size, averageCost, (price - averageCost) * size, 0];
  return [
    7,
    8,
    conId,
    symbol,
    secType,
    expiry,
    0,
    '',
    '',
    primaryExch,
    currency,
    localSymbol,
    symbol,
    size,
    ...money,
    account,
  ];
}
