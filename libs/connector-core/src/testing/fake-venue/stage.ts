import { MarketDataConnector } from '../../connector/connector.js';
import type { ConnectorOptions } from '../../connector/options.js';
import type { Transport } from '../../transport/transport.js';
import type { Venue } from '../../venue.js';
import { Recorded } from '../recorded.js';
import { FakeServer } from './server.js';
import { type FakeStream, fakeVenue } from './venue.js';

/** A connector on the fake venue, and what it has called back with. */
export interface Player {
  readonly connector: MarketDataConnector;
  readonly recorded: Recorded;
}

/** What a test may set: waits are short, and the streams are `trade` alone where nothing is said. */
export interface PlayerOptions extends Partial<ConnectorOptions<FakeStream>> {
  readonly url?: string;
  readonly resolve?: Venue['resolve'];
  readonly transport?: Transport<Buffer, string>;
}

/** A fake venue with connectors on it; everything is stopped when it is closed. */
export class Stage {
  readonly #players: Player[] = [];

  private constructor(public server: FakeServer) {}

  static async open(): Promise<Stage> {
    return new Stage(await FakeServer.start());
  }

  /** A connector on the venue, not started; `AAA` trades by default. */
  player({ url = this.server.url, resolve, transport, ...options }: PlayerOptions = {}): Player {
    const short = { reconnectMinMs: 5, reconnectMaxMs: 20, flushIntervalMs: 5 };
    const venue = fakeVenue(url, resolve, transport);
    const connector = new MarketDataConnector(venue, {
      symbols: ['AAA'],
      streams: ['trade'],
      ...short,
      ...options,
    });
    const player = { connector, recorded: new Recorded(connector) };
    this.#players.push(player);
    return player;
  }

  /** As {@link player}, and started. */
  async started(options: PlayerOptions = {}): Promise<Player> {
    const player = this.player(options);
    await player.connector.start();
    return player;
  }

  async close(): Promise<void> {
    await Promise.all(this.#players.map(({ connector }) => connector.stop()));
    await this.server.stop();
  }
}
