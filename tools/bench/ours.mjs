/**
 * Our side of the comparison: the session of @autotrader/connector-binance, which turns the frames of one connection
 * into events. A normaliser stands for one connection (a new one for each run), and `read` does what the connector
 * does with a frame: parse, validate, normalise, synchronously, and `emit` for each event of it. A frame that is
 * refused throws.
 *
 * @typedef {{read(bytes: Buffer, receivedAt: number, emit: (event: object) => void): void}} Normaliser
 */
import { importInternal } from './build.mjs';

const INSTRUMENTS = [
  { venueSymbol: 'BTCUSDT', symbol: 'BTC/USDT' },
  { venueSymbol: 'ETHUSDT', symbol: 'ETH/USDT' },
];
const STREAMS = ['trade', 'bookTicker', 'depth'];

/** Takes no frame, so that each one goes through JSON.parse and the schemas, as one of unknown layout does. */
const NO_FAST_LANE = { add: () => undefined, remove: () => undefined, receive: () => false };

/** @returns {Promise<{normal(): Normaliser, jsonLane(): Normaliser}>} */
export async function ourNormalisers(projectRoot) {
  const { BinanceSession } = await importInternal(projectRoot, 'session');
  return {
    normal: () => normaliser((outlet) => new BinanceSession(outlet)),
    jsonLane: () => normaliser((outlet) => new BinanceSession(outlet, NO_FAST_LANE)),
  };
}

function normaliser(openSession) {
  let emit;
  const session = openSession({
    tick: (_subscription, event) => emit(event),
    depth: (_subscription, event) => emit(event),
    quarantine(reason, frame) {
      throw new Error(`${reason}: ${frame.toString()}`);
    },
    send: () => undefined,
  });
  session.subscribe(subscriptions());
  return {
    read(bytes, receivedAt, onEvent) {
      emit = onEvent;
      session.receive(bytes, receivedAt);
    },
  };
}

function subscriptions() {
  return INSTRUMENTS.flatMap((instrument) =>
    STREAMS.map((stream) => ({ source: { ...instrument, assetClass: 'CRYPTO', venue: 'BINANCE', stream } })),
  );
}
