import type { Batch } from '../../batch/batch.js';
import type { MarketDataConnector } from '../../connector/connector.js';
import type { ConnectorOptions } from '../../connector/options.js';
import { Recorded } from '../recorded.js';
import { until } from '../until.js';
import type { ConformanceSimulator, ConformanceVenue } from './venue.js';

/** Waits are short, so that a suite takes seconds. */
const SHORT = { reconnectMinMs: 5, reconnectMaxMs: 20, flushIntervalMs: 5 } as const;

/** A connector under trial. */
export interface Candidate {
  readonly connector: MarketDataConnector;
  readonly recorded: Recorded;
}

/** One check's simulator and its connectors; all of them are stopped at its end. */
export class Trial {
  readonly #candidates: Candidate[] = [];

  private constructor(
    readonly venue: ConformanceVenue<string, ConformanceSimulator>,
    readonly simulator: ConformanceSimulator,
  ) {}

  /** Runs a check on a simulator of its own. */
  static async run(
    venue: ConformanceVenue<string, ConformanceSimulator>,
    check: (trial: Trial) => Promise<void>,
  ): Promise<void> {
    const trial = new Trial(venue, await venue.startSimulator());
    try {
      await check(trial);
    } finally {
      await Promise.all(trial.#candidates.map(({ connector }) => connector.stop()));
      await trial.simulator.stop();
    }
  }

  /** The venue's name of the first instrument; the one the checks run on. */
  get symbol(): string {
    return this.venue.instruments[0].venueSymbol;
  }

  /** The venue's name of the second one. */
  get otherSymbol(): string {
    return this.venue.instruments[1].venueSymbol;
  }

  /** A connector that is not started; it is for the first instrument where nothing else is said. */
  candidate(options: Partial<ConnectorOptions> = {}): Candidate {
    const { simulator, venue } = this;
    const complete = { symbols: [this.symbol], streams: [venue.stream], ...SHORT, ...options };
    const connector = venue.createConnector(simulator, complete);
    const candidate = { connector, recorded: new Recorded(connector) };
    this.#candidates.push(candidate);
    return candidate;
  }

  /** As {@link candidate}, and started. */
  async started(options: Partial<ConnectorOptions> = {}): Promise<Candidate> {
    const candidate = this.candidate(options);
    await candidate.connector.start();
    return candidate;
  }

  /** Events happen, and the connector calls back with them. */
  async receive({ recorded }: Candidate, count: number): Promise<void> {
    const wanted = recorded.events.length + count;
    this.simulator.emit(this.symbol, count);
    await until(() => recorded.events.length >= wanted, `${count} events`);
  }
}

/** Every batch until the connector is stopped. */
export async function allBatches({ connector }: Candidate): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of connector.batches()) batches.push(batch);
  return batches;
}
