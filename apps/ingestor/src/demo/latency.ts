import type { Source } from '@autotrader/connector-core';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Latencies by stream, in microseconds; Node's own HDR histogram keeps them in constant memory. */
export class Latencies {
  readonly #streams = new Map<string, RecordableHistogram>();

  record(stream: string, micros: number): void {
    let histogram = this.#streams.get(stream);
    if (histogram === undefined) this.#streams.set(stream, (histogram = createHistogram()));
    histogram.record(Math.max(1, Math.round(micros)));
  }

  /** A percentile in milliseconds; `undefined` when nothing was recorded. */
  percentile(stream: string, percent: number): number | undefined {
    const histogram = this.#streams.get(stream);
    return histogram === undefined ? undefined : histogram.percentile(percent) / 1000;
  }
}

/** Names a stream of an instrument among those of all venues. */
export function latencyKey({ venue, venueSymbol, stream }: Omit<Source, 'symbol' | 'assetClass'>): string {
  return `${venue} ${venueSymbol} ${stream}`;
}
