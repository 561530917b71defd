import type { Clock } from '@autotrader/connector-core';
import type { RawData, WebSocket } from 'ws';
import type { ConnectionRecord, ReceivedMessage, Violation } from '../connection-log.js';
import type { ControlFaults } from '../faults/control-faults.js';
import type { SimulatedConnection } from './connection.js';
import { answerControl, errorReply } from './control-messages.js';
import { KeepAlive, type KeepAliveSettings } from './keep-alive.js';
import { MessageRate } from './message-rate.js';

/** The venue's rules for one connection. */
export interface ConnectionRules extends KeepAliveSettings {
  readonly maxMessagesPerSecond: number;
  readonly maxStreams: number;
  readonly connectionLifetimeMs: number;
}

/** What a session needs besides its connection. */
export interface SessionServices {
  readonly rules: ConnectionRules;
  readonly faults: ControlFaults;
  readonly log: ConnectionRecord;
  readonly clock: Pick<Clock, 'now'>;
}

/** RFC 6455 §7.4.1 */
const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;

/** Listens to one client: answers its requests, and ends the connection when it breaks a rule. */
export class ClientSession {
  readonly #rate: MessageRate;
  readonly #keepAlive: KeepAlive;
  readonly #lifetime: NodeJS.Timeout;
  readonly #delayed = new Set<NodeJS.Timeout>();
  #isEnded = false;

  constructor(
    private readonly connection: SimulatedConnection,
    webSocket: WebSocket,
    private readonly services: SessionServices,
  ) {
    const { rules } = services;
    this.#rate = new MessageRate(rules.maxMessagesPerSecond);
    this.#keepAlive = new KeepAlive(
      rules,
      (payload) => this.connection.ping(payload),
      () => this.#end('no pong', POLICY_VIOLATION),
    );
    this.#lifetime = setTimeout(() => this.#end('lifetime', GOING_AWAY), rules.connectionLifetimeMs);
    webSocket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    webSocket.on('ping', (payload) => this.#admit('ping', payload.toString()));
    webSocket.on('pong', (payload) => this.#onPong(payload.toString()));
  }

  stop(): void {
    this.#keepAlive.stop();
    clearTimeout(this.#lifetime);
    for (const timer of this.#delayed) clearTimeout(timer);
  }

  #onPong(payload: string): void {
    if (this.#admit('pong', payload)) this.#keepAlive.pong(payload);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    const text = (data as Buffer).toString(); // a Buffer, as the socket's binaryType is left at its default
    if (this.#admit(isBinary ? 'binary' : 'text', text)) this.#answer(text);
  }

  #answer(text: string): void {
    const { faults, rules } = this.services;
    if (faults.isNeverAnswering) return;
    const { streams, isCombined } = this.connection;
    const outcome = answerControl(text, { streams, isCombined, maxStreams: rules.maxStreams });
    const fault = outcome.subscribe === undefined ? undefined : faults.subscribeErrors.shift();
    if (fault !== undefined) {
      this.#reply(errorReply(fault.code, fault.msg, /"id":(.*)}$/.exec(outcome.reply)?.[1]));
      return;
    }
    this.#reply(outcome.reply);
    this.connection.apply(outcome);
  }

  #reply(text: string): void {
    const { answerDelayMs } = this.services.faults;
    if (answerDelayMs === 0) {
      this.connection.sendText(text);
      return;
    }
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      this.connection.sendText(text);
    }, answerDelayMs);
    this.#delayed.add(timer);
  }

  /** Counts and records a message; the one too many ends the connection. */
  #admit(kind: ReceivedMessage['kind'], text: string): boolean {
    if (this.#isEnded) return false;
    const { log, clock } = this.services;
    log.noteMessage({ connection: this.connection.number, kind, text, at: clock.now() });
    if (this.#rate.admit(performance.now())) return true;
    this.#end('too many messages', POLICY_VIOLATION);
    return false;
  }

  /** A frozen connection hears nothing of it: nothing is sent on it. */
  #end(rule: Violation['rule'], code: number): void {
    if (this.connection.isFrozen) return;
    const { log, clock } = this.services;
    log.noteViolation({ connection: this.connection.number, rule, at: clock.now() });
    this.#isEnded = true;
    this.stop();
    this.connection.close(code, rule);
  }
}
