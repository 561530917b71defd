import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TwsClient } from './client.js';
import { Exchange } from './exchange.js';
import { GeneratedMarket } from './generated-market.js';
import { randomFrom } from '@autotrader/connector-core/testing';
import { SentBook } from './sent-book.js';
import type {
  TwsFaults,
  TwsMarket,
  TwsPortfolio,
  TwsRequest,
  TwsSimulator,
  TwsSimulatorOptions,
} from './simulator.js';
import { TwsState } from './state.js';

const HOST = '127.0.0.1';
const TICKS_A_SECOND = 20;

/**
 * Starts a TWS on 127.0.0.1 that speaks its text protocol at server version 193, keeps its rules, and knows what it sent.
 * @throws Error when the port is in use.
 */
export async function startTwsSimulator(options: TwsSimulatorOptions = {}): Promise<TwsSimulator> {
  const simulator = new RunningSimulator(options);
  await simulator.listen(options.port ?? 0);
  return simulator;
}

class RunningSimulator implements TwsSimulator {
  readonly host = HOST;
  readonly sent = new SentBook();
  readonly market: TwsMarket;
  readonly faults: TwsFaults;
  readonly portfolio: TwsPortfolio;
  readonly #state: TwsState;
  readonly #sockets = new Set<Socket>();
  readonly #generated: GeneratedMarket | undefined;
  #server = createServer((socket) => this.#accept(socket));
  #port = 0;

  constructor(options: TwsSimulatorOptions) {
    this.#state = new TwsState(options);
    const exchange = new Exchange(this.#state, this.sent);
    this.market = {
      pause: () => this.#generated?.pause(),
      resume: () => this.#generated?.resume(),
      trade: (symbol, trade, isSent = true) => isSent && exchange.trade(symbol, trade),
      quote: (symbol, quote, isSent = true) => isSent && exchange.quote(symbol, quote),
      depth: (symbol, change) => exchange.depth(symbol, change),
      bar: (symbol, bar) => exchange.bar(symbol, bar),
    };
    const { market = TICKS_A_SECOND, seed = 1 } = options;
    if (market !== false)
      this.#generated = new GeneratedMarket(this.#state.instruments, market, randomFrom(seed), this.market);
    this.faults = this.#faultSwitches();
    this.portfolio = {
      position: (account, symbol, size, cost) => this.#state.setPosition(account, symbol, size, cost),
      value: (account, key, value, currency) => this.#state.setValue(account, key, value, currency),
    };
  }

  get port(): number {
    return this.#port;
  }

  get clients(): number {
    return this.#state.clients.size;
  }

  get requests(): readonly TwsRequest[] {
    return this.#state.requests;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, HOST);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    this.#generated?.resume();
  }

  sendRaw(bytes: Uint8Array): void {
    for (const client of this.#state.clients) client.write(bytes);
  }

  async stop(): Promise<void> {
    this.#generated?.pause();
    await this.#down();
  }

  async #down(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : undefined;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const client = new TwsClient(socket, this.#state);
    this.#state.clients.add(client);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#state.clients.delete(client);
    });
  }

  #faultSwitches(): TwsFaults {
    const state = this.#state;
    const each = (act: (client: TwsClient) => void): void => [...state.clients].forEach(act);
    return {
      cut: () => each((client) => client.cut()),
      cutWithinMessage: () => each((client) => client.endWithinMessage()),
      halfOpen: () => each((client) => (client.isSilent = true)),
      setAnswering: (isAnswering) => (state.isAnswering = isAnswering),
      setPieces: (bytes) => (state.pieces = bytes),
      restart: () => this.#restart(),
      system: (code, message) => each((client) => client.error(-1, code, message)),
      error: (localSymbol, code, message) =>
        each((client) => {
          for (const { id, instrument } of client.requests.values())
            if (instrument.localSymbol === localSymbol) client.error(id, code, message);
        }),
      loseSubscriptions: () => each((client) => client.requests.clear()),
      refuse: (localSymbol, code) =>
        code === undefined ? state.refusals.delete(localSymbol) : state.refusals.set(localSymbol, code),
      occupy: (...clientIds) => clientIds.forEach((id) => state.occupied.add(id)),
    };
  }

  #restart(): { up(): Promise<void> } {
    const port = this.#port;
    const down = this.#down();
    return {
      up: async () => {
        await down;
        this.#server = createServer((socket) => this.#accept(socket));
        await this.listen(port);
      },
    };
  }
}
