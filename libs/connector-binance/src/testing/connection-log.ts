import type { Micros } from '@autotrader/schemas';

/** One message of a client; PING and PONG frames are messages too. */
export interface ReceivedMessage {
  /** Number of the connection, from 1 on in the order they were opened. */
  readonly connection: number;
  readonly kind: 'text' | 'binary' | 'ping' | 'pong';
  readonly text: string;
  /** When it came, in microseconds by the simulator's clock. */
  readonly at: Micros;
}

/** Why the simulator ended a connection for breaking the venue's rules. */
export interface Violation {
  readonly connection: number;
  readonly rule: 'too many messages' | 'no pong' | 'lifetime';
  readonly at: Micros;
}

/** What clients did: for asserting their manners. */
export interface ConnectionLog {
  /** Connections that are open now. */
  readonly open: number;
  /** Connections that were ever accepted. */
  readonly total: number;
  /** What came in over all connections, in order; the latest 10,000. */
  readonly received: readonly ReceivedMessage[];
  /** Connections that were ended because the client broke a rule, or grew too old. */
  readonly violations: readonly Violation[];
}

const MESSAGES_KEPT = 10_000;

/** Keeps the log; past its bounds the oldest entries go. */
export class ConnectionRecord implements ConnectionLog {
  open = 0;
  total = 0;
  readonly received: ReceivedMessage[] = [];
  readonly violations: Violation[] = [];

  noteMessage(message: ReceivedMessage): void {
    this.received.push(message);
    if (this.received.length > MESSAGES_KEPT) this.received.shift();
  }

  noteViolation(violation: Violation): void {
    this.violations.push(violation);
    if (this.violations.length > MESSAGES_KEPT) this.violations.shift();
  }
}
