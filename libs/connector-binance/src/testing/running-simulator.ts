import type { Clock } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import type { ConnectionLog, ConnectionRecord } from './connection-log.js';
import type { DepthSnapshot } from './depth-snapshot.js';
import type { DepthSnapshots } from './depth-snapshots.js';
import { eventIdOf, streamKind } from './event-id.js';
import type { FaultSwitches } from './faults/fault-switches.js';
import type { SimulatorFaults } from './faults/simulator-faults.js';
import type { GeneratedMarket, MarketControl } from './market/generated-market.js';
import { EncodedEvent } from './outgoing-event.js';
import type { Publisher } from './publisher.js';
import { Player, type PlayOptions, type PlayResult } from './replay/player.js';
import type { RestEndpoint, RestRequest } from './rest/rest-server.js';
import type { SentBook, SentLedger } from './sent-ledger.js';
import type { BinanceSimulator, RawOptions } from './simulator.js';
import type { SimulatorServer } from './simulator-server.js';
import type { FrameListener } from './websocket/text-tap.js';
import type { WebSocketEndpoint } from './websocket/websocket-server.js';
import type { WireHistory } from './wire-history.js';

/** What a simulator is made of. */
export interface SimulatorParts {
  readonly sent: SentBook;
  readonly log: ConnectionRecord;
  readonly history: WireHistory;
  readonly market: GeneratedMarket | undefined;
  readonly depth: DepthSnapshots;
  readonly endpoint: WebSocketEndpoint;
  readonly publisher: Publisher;
  readonly rest: RestEndpoint;
  readonly server: SimulatorServer;
  readonly switches: FaultSwitches;
  readonly clock: Pick<Clock, 'now'>;
}

/** A simulator in service. */
export class RunningSimulator implements BinanceSimulator {
  /** Bound, so that it may be taken out of the simulator. */
  readonly now = (): Micros => this.parts.clock.now();
  readonly #stopped = new AbortController();

  constructor(private readonly parts: SimulatorParts) {}

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.parts.server.port}`;
  }

  get restUrl(): string {
    return `http://127.0.0.1:${this.parts.server.port}`;
  }

  get sent(): SentLedger {
    return this.parts.sent;
  }

  get connections(): ConnectionLog {
    return this.parts.log;
  }

  get requests(): readonly RestRequest[] {
    return this.parts.rest.requests;
  }

  get faults(): SimulatorFaults {
    return this.parts.switches;
  }

  get market(): MarketControl {
    if (this.parts.market === undefined)
      throw new Error('this simulator was started with market: false, so there is no market to control');
    return this.parts.market;
  }

  subscribed(...streams: readonly string[]): Promise<void> {
    return this.parts.publisher.subscribed(streams);
  }

  send(stream: string, payload: object | string): void {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const id = eventIdOf(streamKind(stream), text);
    this.parts.history.note(stream, id, text);
    this.parts.publisher.publish(new EncodedEvent(stream, id, () => text));
    this.parts.publisher.flush();
  }

  sendRaw(data: Uint8Array | string, { as }: RawOptions = {}): void {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const form = as ?? (typeof data === 'string' ? 'text' : 'binary');
    for (const connection of this.parts.endpoint.connections)
      if (form === 'tcp') connection.sendUnframed(bytes);
      else connection.sendBytes(bytes, form);
  }

  onFrame(listener: FrameListener): () => void {
    return this.parts.endpoint.tap.listen(listener);
  }

  setDepth(symbol: string, snapshot: DepthSnapshot): void {
    this.parts.depth.set(symbol, snapshot);
  }

  play(options: PlayOptions): Promise<PlayResult> {
    const signals = [this.#stopped.signal, options.signal].filter((signal) => signal !== undefined);
    return new Player(this.parts, { ...options, signal: AbortSignal.any(signals) }).play();
  }

  async flushed(): Promise<void> {
    this.parts.publisher.flush();
    await Promise.all([...this.parts.endpoint.connections].map((connection) => connection.written()));
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.parts.market?.pause();
    this.parts.switches.stop();
    this.parts.endpoint.stop();
    await this.parts.server.stop();
  }
}
