import { TickColumnWriter } from '@autotrader/connector-core';
import { EndlessFeed } from '../feed/frames.mjs';
import { ourNormalisers } from '../ours.mjs';
import { readRecording } from '../recordings.mjs';

/** A busy market: one event every 50 microseconds. */
const STEP_MICROS = 50;

/** The trades and best quotes of the recording over and over, as the connector hands them on: in column batches. */
export async function recordedTicks({ projectRoot, recordings }) {
  const feed = new EndlessFeed(readRecording(recordings).frames, ['trade', 'bookTicker']);
  const normaliser = (await ourNormalisers(projectRoot)).normal();
  const sources = [];
  const places = new Map();
  let time = 1_723_100_000_000_000;

  const placeOf = (event) => {
    const name = `${event.venueSymbol} ${event.stream}`;
    if (!places.has(name)) {
      const { venue, symbol, venueSymbol, assetClass, stream } = event;
      places.set(name, sources.push({ venue, symbol, venueSymbol, assetClass, stream }) - 1);
    }
    return places.get(name);
  };

  return {
    /** The next `length` ticks. */
    batch(length) {
      const writer = new TickColumnWriter(length);
      while (writer.length < length) {
        time += STEP_MICROS;
        const { stream, payload } = feed.next(time);
        const frame = Buffer.from(`{"stream":"${stream}","data":${payload}}`);
        normaliser.read(frame, time, (event) => writer.append(placeOf(event), event));
      }
      return writer.take([...sources]);
    },
  };
}
