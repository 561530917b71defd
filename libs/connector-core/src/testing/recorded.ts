import type { Depth, Gap, OHLCV, Tick } from '@autotrader/schemas';
import type { MarketDataConnector } from '../connector/connector.js';
import type { ConnectorStatus } from '../connector/events.js';
import type { ConnectorError } from '../errors.js';

/** Everything a connector has called back with, in its order. */
export class Recorded {
  readonly events: (Tick | Depth | OHLCV)[] = [];
  readonly gaps: Gap[] = [];
  readonly statuses: ConnectorStatus[] = [];
  readonly errors: ConnectorError[] = [];

  constructor(connector: MarketDataConnector) {
    connector.on('tick', (tick) => this.events.push(tick));
    connector.on('depth', (depth) => this.events.push(depth));
    connector.on('bar', (bar) => this.events.push(bar));
    connector.on('gap', (gap) => this.gaps.push(gap));
    connector.on('status', (status) => this.statuses.push(status));
    connector.on('error', (error) => this.errors.push(error));
  }

  /** The ids of the events, in the order they came. */
  get ids(): (number | undefined)[] {
    return this.events.map(({ sequenceId }) => sequenceId);
  }

  /** How often a status of this type was said. */
  said(type: ConnectorStatus['type']): number {
    return this.statuses.filter((status) => status.type === type).length;
  }
}
