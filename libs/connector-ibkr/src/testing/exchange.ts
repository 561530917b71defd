import type { SentBook } from './sent-book.js';
import type { SimulatedBar, SimulatedDepth, SimulatedQuote, SimulatedTrade } from './simulator.js';
import type { TwsClient } from './client.js';
import type { StreamKind, StreamRequest } from './request.js';
import type { TwsState } from './state.js';

const SECOND = 1_000_000;
/** Tick types of reqMktData, live and delayed. */
const LIVE = { bidSize: 0, bid: 1, ask: 2, askSize: 3, last: 4, lastSize: 5 } as const;
const DELAYED = { bid: 66, ask: 67, last: 68, bidSize: 69, askSize: 70, lastSize: 71 } as const;

/** Sends what happens on the market to whoever has asked for it, and keeps the books of it. */
export class Exchange {
  constructor(
    private readonly state: TwsState,
    private readonly sent: SentBook,
  ) {}

  trade(localSymbol: string, { price, size, exchange = 'NASDAQ', conditions = '' }: SimulatedTrade): void {
    const [now, second] = this.#times();
    const { conId } = this.state.instrument(localSymbol);
    for (const kind of ['Last', 'AllLast'] as const) {
      const isSent = this.#each(conId, kind, (client, { id }) =>
        client.send(99, id, kind === 'Last' ? 1 : 2, second, price, size, 0, exchange, conditions),
      );
      if (isSent) this.sent.record(localSymbol, kind, [second * SECOND, price, size], now);
    }
    this.#each(conId, 'marketData', (client, { id, isDelayed }) => {
      const types = isDelayed ? DELAYED : LIVE;
      client.send(1, 6, id, types.last, price, size, 0);
    });
  }

  quote(localSymbol: string, { bid, ask, bidSize, askSize }: SimulatedQuote): void {
    const [now, second] = this.#times();
    const { conId } = this.state.instrument(localSymbol);
    const isQuoted = this.#each(conId, 'BidAsk', (client, { id }) =>
      client.send(99, id, 3, second, bid, ask, bidSize, askSize, 0),
    );
    if (isQuoted) this.sent.record(localSymbol, 'BidAsk', [second * SECOND, bid, ask, bidSize, askSize], now);
    const mid = Number(((bid + ask) / 2).toFixed(6));
    const isMid = this.#each(conId, 'MidPoint', (client, { id }) => client.send(99, id, 4, second, mid));
    if (isMid) this.sent.record(localSymbol, 'MidPoint', [second * SECOND, mid], now);
    this.#each(conId, 'marketData', (client, { id, isDelayed }) => {
      const types = isDelayed ? DELAYED : LIVE;
      client.send(1, 6, id, types.bid, bid, bidSize, 0);
      client.send(2, 6, id, types.bidSize, bidSize);
      client.send(1, 6, id, types.ask, ask, askSize, 0);
    });
  }

  depth(localSymbol: string, { position, operation, side, price, size }: SimulatedDepth): void {
    const { conId } = this.state.instrument(localSymbol);
    const isSent = this.#each(conId, 'depth', (client, { id }) =>
      client.send(13, 1, id, position, 'NSDQ', operation, side, price, size, 1),
    );
    if (isSent) this.sent.record(localSymbol, 'depth', [], this.state.now());
  }

  bar(localSymbol: string, { time, open, high, low, close, volume, wap, count }: SimulatedBar): void {
    const { conId } = this.state.instrument(localSymbol);
    const isSent = this.#each(conId, 'realTimeBars', (client, { id }) =>
      client.send(50, 3, id, time, open, high, low, close, volume, wap, count),
    );
    if (isSent) this.sent.record(localSymbol, 'realTimeBars', [time * SECOND, open, close], this.state.now());
  }

  /** @returns whether anybody had asked for it. */
  #each(conId: number, kind: StreamKind, send: (client: TwsClient, request: StreamRequest) => void): boolean {
    let isSent = false;
    for (const client of this.state.clients)
      for (const request of client.requests.values()) {
        if (request.kind !== kind || request.instrument.conId !== conId) continue;
        send(client, request);
        isSent = true;
      }
    return isSent;
  }

  #times(): [now: number, second: number] {
    const now = this.state.now();
    return [now, Math.floor(now / SECOND)];
  }
}
