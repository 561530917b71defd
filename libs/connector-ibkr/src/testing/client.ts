import type { Socket } from 'node:net';
import {
  type AskedContract,
  contractAt,
  contractData,
  isAsked,
  type SimulatedInstrument,
} from './instrument.js';
import { isTickByTick, type StreamKind, type StreamRequest } from './request.js';
import type { TwsState } from './state.js';
import { ClientReader, type Field, frameOf } from './wire.js';

const DELAYED = 3;
/** Refusals after which TWS shows delayed data where it was asked to. */
const WITHOUT_SUBSCRIPTION = new Set([354, 10089, 10167, 10168, 10186, 10189]);
const REFUSALS: Readonly<Record<number, string>> = {
  354: 'Requested market data is not subscribed. Delayed market data is available.',
  10089: 'Requested market data requires additional subscription for API. Delayed market data is available.',
  10167: 'Requested market data is not subscribed. Displaying delayed market data.',
  10168: 'Requested market data is not subscribed. Delayed market data is not enabled.',
  10186: 'Requested market data is not subscribed. Delayed market data is not enabled.',
  10189: 'Failed to request tick-by-tick data:No market data permissions for NASDAQ STK.',
  10190: 'Max number of tick-by-tick requests has been reached.',
  10197: 'No market data during competing live session.',
};

/** One client of TWS: what it asked for, and how it is answered. */
export class TwsClient {
  clientId = -1;
  isSilent = false;
  readonly requests = new Map<number, StreamRequest>();
  wantsPositions = false;
  account: string | undefined;
  #marketDataType = 1;
  #sentSecond = 0;
  #sentInSecond = 0;
  readonly #reader: ClientReader;

  constructor(
    private readonly socket: Socket,
    private readonly state: TwsState,
  ) {
    socket.setNoDelay(true);
    this.#reader = new ClientReader(
      () => this.write(frameOf(state.options.serverVersion ?? 193, '20261122 09:30:00 EST')),
      (fields) => this.#receive(fields),
    );
    socket.on('data', (chunk: Buffer) => this.#reader.push(chunk));
    socket.on('error', () => socket.destroy());
  }

  send(...fields: readonly Field[]): void {
    this.write(frameOf(...fields));
  }

  write(bytes: Uint8Array): void {
    if (this.isSilent || this.socket.destroyed) return;
    const { pieces } = this.state;
    if (pieces === 0) return void this.socket.write(bytes);
    for (let at = 0; at < bytes.length; at += pieces) this.socket.write(bytes.subarray(at, at + pieces));
  }

  /** An error; -1 is the system's own. */
  error(id: number, code: number, message = REFUSALS[code] ?? 'Refused'): void {
    this.send(4, 2, id, code, message, '');
  }

  cut(): void {
    this.socket.destroy();
  }

  endWithinMessage(): void {
    const frame = frameOf(49, 1, 1_795_361_400);
    this.socket.end(frame.subarray(0, frame.length - 3));
  }

  #receive(fields: readonly string[]): void {
    if (this.#isTooFast()) return;
    this.state.note(this.clientId, fields);
    const [message = '', first = ''] = fields;
    if (message === '71') return this.#start(Number(fields[2]));
    if (message === '9') return this.#contractDetails(Number(fields[2]), contractAt(fields, 3));
    if (!this.state.isAnswering && message !== '49') return;
    switch (message) {
      case '97':
        return this.#tickByTick(Number(first), contractAt(fields, 2), fields[14] ?? '');
      case '1':
        return this.#marketData(Number(fields[2]), contractAt(fields, 3));
      case '50':
        return this.#stream('realTimeBars', Number(fields[2]), contractAt(fields, 3));
      case '10':
        return this.#stream('depth', Number(fields[2]), contractAt(fields, 3));
      case '98':
        return void this.requests.delete(Number(first));
      case '2':
      case '51':
      case '11':
        return void this.requests.delete(Number(fields[2]));
      default:
        return this.#other(message, fields);
    }
  }

  #other(message: string, fields: readonly string[]): void {
    switch (message) {
      case '59':
        this.#marketDataType = Number(fields[2]);
        return;
      case '49':
        return this.send(49, 1, Math.floor(this.state.now() / 1e6));
      case '8':
        return this.send(9, 1, 1_001);
      case '61':
        this.wantsPositions = true;
        return this.state.sendPositions(this);
      case '64':
        this.wantsPositions = false;
        return;
      case '6':
        this.account = fields[2] === '1' ? fields[3] : undefined;
        return this.state.sendAccount(this);
      default:
        return;
    }
  }

  #start(clientId: number): void {
    if (this.state.isTaken(clientId)) {
      this.error(
        -1,
        326,
        'Unable to connect as the client id is already in use. Retry with a unique client id.',
      );
      this.socket.end();
      return;
    }
    this.clientId = clientId;
    this.send(15, 1, this.state.accounts.join(','));
    this.send(9, 1, 1_001);
    this.error(-1, 2104, 'Market data farm connection is OK:usfarm');
    this.error(-1, 2106, 'HMDS data farm connection is OK:ushmds');
    this.error(-1, 2158, 'Sec-def data farm connection is OK:secdefil');
  }

  #contractDetails(id: number, asked: AskedContract): void {
    const found = this.state.instruments.filter((instrument) => isAsked(instrument, asked));
    if (found.length === 0)
      return this.error(id, 200, 'No security definition has been found for the request');
    for (const instrument of found) this.send(10, id, ...contractData(instrument));
    this.send(52, 1, id);
  }

  #tickByTick(id: number, asked: AskedContract, kind: string): void {
    const instrument = this.#instrument(id, asked);
    if (instrument === undefined) return;
    const refusal = this.state.refusalOf(instrument);
    if (!isTickByTick(kind))
      return this.error(id, 321, `Error validating request: unknown tick type ${kind}`);
    if (refusal !== undefined) return this.error(id, refusal === 354 || refusal === 10167 ? 10189 : refusal);
    const running = [...this.requests.values()].filter((request) => isTickByTick(request.kind));
    if (running.length >= (this.state.options.maxTickByTick ?? 5)) return this.error(id, 10190);
    if (this.state.isTooSoon(instrument)) return this.error(id, 10190);
    this.requests.set(id, { id, kind, instrument, isDelayed: false });
  }

  #marketData(id: number, asked: AskedContract): void {
    const instrument = this.#instrument(id, asked);
    if (instrument === undefined) return;
    const refusal = this.state.refusalOf(instrument);
    const isDelayed =
      refusal !== undefined && WITHOUT_SUBSCRIPTION.has(refusal) && this.#marketDataType === DELAYED;
    if (refusal !== undefined && !isDelayed) return this.error(id, refusal);
    if (isDelayed) this.error(id, 10167);
    this.send(58, 1, id, isDelayed ? DELAYED : 1);
    this.send(81, id, instrument.minTick, 'a60001', 3);
    this.requests.set(id, { id, kind: 'marketData', instrument, isDelayed });
  }

  #stream(kind: StreamKind, id: number, asked: AskedContract): void {
    const instrument = this.#instrument(id, asked);
    if (instrument === undefined) return;
    const refusal = this.state.refusalOf(instrument);
    if (refusal !== undefined) return this.error(id, refusal);
    this.requests.set(id, { id, kind, instrument, isDelayed: false });
  }

  /** The one instrument that was asked for; otherwise the client is told. */
  #instrument(id: number, asked: AskedContract): SimulatedInstrument | undefined {
    const found = this.state.instruments.filter((instrument) => isAsked(instrument, asked));
    if (found.length === 1) return found[0];
    this.error(id, 200, 'The contract description specified is ambiguous or unknown');
    return undefined;
  }

  #isTooFast(): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#sentSecond) this.#sentInSecond = 0;
    this.#sentSecond = second;
    if (++this.#sentInSecond <= (this.state.options.maxMessagesPerSecond ?? 50)) return false;
    this.error(-1, 100, 'Max rate of messages per second has been exceeded');
    this.socket.end();
    return true;
  }
}
