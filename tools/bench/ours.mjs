/**
 * OUR SIDE OF THE COMPARISON: the only file that knows where our normalisation lives.
 * To be pointed at the build of @autotrader/connector-binance; until then it runs the prototype beside it.
 *
 * A normaliser stands for one connection (a new one for each run), and `read` does what the connector does with a
 * frame: parse, validate, normalise, synchronously, and `emit` for each event of it. A frame that is refused throws.
 *
 * @returns {{read(bytes: Buffer, receivedAt: number, emit: (event: object) => void): void}}
 */
export { createNormaliser } from './prototype/normaliser.mjs';
