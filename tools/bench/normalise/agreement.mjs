import { isDeepStrictEqual } from 'node:util';
import { unified } from './ccxt.mjs';

/**
 * A rate is worth nothing if the numbers are wrong: before the clock starts, every frame must have given the same
 * prices, sizes, ids and times here and at the peers. Throws at the first that does not.
 *
 * Events are turned into facts as they come and let go: events that lived long would teach the engine to allocate
 * their kind in the old generation, and every run after that would be slower than a live one.
 */
export function assertAgreement(frames, createNormaliser, tardis, ccxt) {
  const theirs = [];
  tardis.plainLoop(frames, (event) => theirs.push(factsOfTardis(event)))();
  compare(frames, ourFacts(createNormaliser(), frames, asTardis), theirs, 'tardis-dev');
  compare(frames, ourFacts(createNormaliser(), frames, asCcxt), factsOfCcxt(frames, ccxt), 'ccxt');
}

function ourFacts(normaliser, frames, factsOf) {
  const facts = [];
  for (const { bytes, receivedAt } of frames)
    normaliser.read(bytes, receivedAt, (event) => facts.push(factsOf(event)));
  return facts;
}

function compare(frames, ours, theirs, peer) {
  if (theirs.length !== ours.length)
    throw new Error(`${ours.length} events here, ${theirs.length} at ${peer}`);
  ours.forEach((mine, i) => {
    if (isDeepStrictEqual(mine, theirs[i])) return;
    const [here, there] = [mine, theirs[i]].map((facts) => JSON.stringify(facts));
    throw new Error(`${peer} differs at ${frames[i].bytes.toString()}: here ${here}, there ${there}`);
  });
}

const pairs = (levels) => levels.map(({ price, size, amount }) => [price, size ?? amount]);

function asTardis({
  type,
  kind,
  venueSymbol,
  timestamp,
  sequenceId,
  price,
  size,
  side,
  bid,
  bidSize,
  ask,
  askSize,
  bids,
  asks,
}) {
  if (type === 'depth') return [venueSymbol, timestamp, pairs(bids), pairs(asks)];
  if (kind === 'quote') return [venueSymbol, bid, bidSize, ask, askSize];
  return [venueSymbol, timestamp, String(sequenceId), price, size, side];
}

function factsOfTardis(event) {
  const micros = event.timestamp.valueOf() * 1000;
  if (event.type === 'book_change') return [event.symbol, micros, pairs(event.bids), pairs(event.asks)];
  if (event.type === 'book_ticker')
    return [event.symbol, event.bidPrice, event.bidAmount, event.askPrice, event.askAmount];
  return [event.symbol, micros, event.id, event.price, event.amount, event.side.toUpperCase()];
}

// of a book ccxt keeps the outcome, not the levels of one frame: the levels are looked up in it
function asCcxt({
  type,
  kind,
  venueSymbol,
  timestamp,
  sequenceId,
  price,
  size,
  side,
  bid,
  bidSize,
  ask,
  askSize,
  bids,
  asks,
}) {
  const symbol = unified(venueSymbol);
  if (type === 'depth') return [symbol, timestamp, sequenceId, lastOf(bids), lastOf(asks)];
  if (kind === 'quote') return [symbol, bid, bidSize, ask, askSize];
  return [symbol, timestamp, String(sequenceId), price, size, side];
}

const lastOf = (levels) => levels.at(-1)?.size;

function factsOfCcxt(frames, ccxt) {
  const facts = [];
  const run = ccxt.dispatcher(frames, (client) => {
    client.resolve = (result, hash) => {
      if (!hash.startsWith('bidasks:')) facts.push(factsOf(result, hash, frames[facts.length]));
    };
  });
  run();
  return facts;
}

function factsOf(result, hash, { bytes }) {
  if (hash.startsWith('trade')) {
    const { symbol, timestamp, id, price, amount, side } = result.at(-1);
    return [symbol, timestamp * 1000, id, price, amount, side.toUpperCase()];
  }
  if (hash.startsWith('bidask:'))
    return [result.symbol, result.bid, result.bidVolume, result.ask, result.askVolume];
  const { b, a } = JSON.parse(bytes.toString()).data;
  const sizeIn = (side, row) => row && (side.find(([price]) => price === Number(row[0]))?.[1] ?? 0);
  const sizes = [sizeIn(result.bids, b.at(-1)), sizeIn(result.asks, a.at(-1))];
  return [hash.replace('orderbook::', ''), result.timestamp * 1000, result.nonce, ...sizes];
}
