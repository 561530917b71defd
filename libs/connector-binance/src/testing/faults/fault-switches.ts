import type { Clock } from '@autotrader/connector-core';
import type { DepthSnapshots } from '../depth-snapshots.js';
import { EncodedEvent } from '../outgoing-event.js';
import type { RestLimits } from '../rest/rest-limits.js';
import type { SimulatorServer } from '../simulator-server.js';
import { inUnit } from '../time-unit.js';
import type { SimulatedConnection } from '../websocket/connection.js';
import type { Handshake } from '../websocket/handshake.js';
import type { WebSocketEndpoint } from '../websocket/websocket-server.js';
import type { ControlFault, ControlFaults } from './control-faults.js';
import type { DataFaults } from './data-faults.js';
import type { SimulatorFaults } from './simulator-faults.js';

/** The parts of the simulator that faults reach into. */
export interface FaultTargets {
  readonly data: DataFaults;
  readonly control: ControlFaults;
  readonly endpoint: WebSocketEndpoint;
  readonly handshake: Handshake;
  readonly limits: RestLimits;
  readonly depth: DepthSnapshots;
  readonly server: SimulatorServer;
  readonly clock: Pick<Clock, 'now'>;
}

const GOING_AWAY = 1001;

/** Throws the switches. */
export class FaultSwitches implements SimulatorFaults {
  readonly #shutdowns = new Set<NodeJS.Timeout>();

  constructor(private readonly targets: FaultTargets) {}

  silence(isOn: boolean, ...streams: readonly string[]): void {
    this.targets.data.silence(isOn, streams);
  }

  skipIds(stream: string, count: number): void {
    this.targets.data.skip(stream, count);
  }

  duplicateNext(count = 1): void {
    this.targets.data.duplicateNext(count);
  }

  reorderNext(): void {
    this.targets.data.reorderNext();
  }

  cut(): void {
    for (const connection of this.#connections()) connection.cut();
  }

  close(code = 1000, reason = ''): void {
    for (const connection of this.#connections()) connection.close(code, reason);
  }

  halfOpen(isOn: boolean): void {
    for (const connection of this.#connections()) connection.freeze(isOn);
  }

  serverShutdown(closeAfterMs = 1000): void {
    const connections = this.#connections();
    const event = new EncodedEvent('!serverShutdown', undefined, (unit) =>
      JSON.stringify({ e: 'serverShutdown', E: inUnit(this.targets.clock.now(), unit) }),
    );
    for (const connection of connections) {
      connection.sendEvent(event);
      connection.flush();
    }
    const timer = setTimeout(() => {
      this.#shutdowns.delete(timer);
      for (const connection of connections) connection.close(GOING_AWAY, 'server shutdown');
    }, closeAfterMs);
    this.#shutdowns.add(timer);
  }

  splitFrames(isOn: boolean): void {
    this.targets.endpoint.isSplitting = isOn;
  }

  refuseConnections(isOn: boolean): Promise<void> {
    return isOn ? this.targets.server.refuse() : this.targets.server.listen();
  }

  rejectHandshake(status: number, times = 1): void {
    this.targets.handshake.refuseNext(status, times);
  }

  delayAcks(milliseconds: number): void {
    this.targets.control.answerDelayMs = milliseconds;
  }

  neverAck(isOn: boolean): void {
    this.targets.control.isNeverAnswering = isOn;
  }

  errorNextSubscribe(error: ControlFault): void {
    this.targets.control.subscribeErrors.push(error);
  }

  rest429(times: number, retryAfterS: number): void {
    this.targets.limits.refuseNext(429, times, retryAfterS);
  }

  rest418(times: number, retryAfterS: number): void {
    this.targets.limits.refuseNext(418, times, retryAfterS);
  }

  restFailure(status: number, times = 1): void {
    this.targets.limits.refuseNext(status, times);
  }

  snapshotOlderThanBuffer(times = 1): void {
    this.targets.depth.serveStale(times);
  }

  /** Forgets announced shutdowns, so that no timer outlives the simulator. */
  stop(): void {
    for (const timer of this.#shutdowns) clearTimeout(timer);
  }

  #connections(): readonly SimulatedConnection[] {
    return [...this.targets.endpoint.connections];
  }
}
