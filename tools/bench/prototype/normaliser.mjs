import { FrameCursor } from './frame-cursor.mjs';

const SYMBOLS = { BTCUSDT: 'BTC/USDT', ETHUSDT: 'ETH/USDT' };
const QUOTATION_MARK = 0x22;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const LOWER_T = 0x74;
const NAME_AT = '{"stream":"'.length;

const literal = (text) => new TextEncoder().encode(text);
const literals = (texts) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, literal(text)]));
/** Venue time is ms or µs, told by its digits; ours is µs. */
const micros = (time) => (time > 1e14 ? time : time * 1000);

// {"stream":"btcusdt@trade","data":{"e":"trade","E":1,"s":"BTCUSDT","t":2,"p":"3.0","q":"4.0","T":5,"m":true,"M":true}}
const TRADE = literals({
  price: ',"p":"',
  size: ',"q":"',
  time: ',"T":',
  maker: ',"m":',
  sell: 'true,"M":true}}',
  buy: 'false,"M":true}}',
});

function readTrade(cursor, { opening, symbolPart, symbol, venueSymbol }, receivedAt) {
  cursor.literal(opening);
  cursor.integer();
  cursor.literal(symbolPart);
  const sequenceId = cursor.integer();
  cursor.literal(TRADE.price);
  const price = cursor.decimal();
  cursor.literal(TRADE.size);
  const size = cursor.decimal();
  cursor.literal(TRADE.time);
  const timestamp = micros(cursor.integer());
  cursor.literal(TRADE.maker);
  const isSell = cursor.bytes[cursor.at] === LOWER_T;
  cursor.literal(isSell ? TRADE.sell : TRADE.buy);
  if (!cursor.closes()) return undefined;
  const side = isSell ? 'SELL' : 'BUY';
  return {
    type: 'tick',
    kind: 'trade',
    venue: 'BINANCE',
    symbol,
    venueSymbol,
    assetClass: 'CRYPTO',
    stream: 'trade',
    timestamp,
    receivedAt,
    sequenceId,
    price,
    size,
    side,
  };
}

// {"stream":"btcusdt@bookTicker","data":{"u":1,"s":"BTCUSDT","b":"2.0","B":"3.0","a":"4.0","A":"5.0"}}
const QUOTE = literals({ bidSize: ',"B":"', ask: ',"a":"', askSize: ',"A":"', end: '}}' });

function readQuote(cursor, { opening, symbolPart, symbol, venueSymbol }, receivedAt) {
  cursor.literal(opening);
  const sequenceId = cursor.integer();
  cursor.literal(symbolPart);
  const bid = cursor.decimal();
  cursor.literal(QUOTE.bidSize);
  const bidSize = cursor.decimal();
  cursor.literal(QUOTE.ask);
  const ask = cursor.decimal();
  cursor.literal(QUOTE.askSize);
  const askSize = cursor.decimal();
  cursor.literal(QUOTE.end);
  if (!cursor.closes()) return undefined;
  const price = (bid + ask) / 2;
  return {
    type: 'tick',
    kind: 'quote',
    venue: 'BINANCE',
    symbol,
    venueSymbol,
    assetClass: 'CRYPTO',
    stream: 'bookTicker',
    timestamp: receivedAt,
    receivedAt,
    sequenceId,
    price,
    size: 0,
    side: 'UNKNOWN',
    bid,
    ask,
    bidSize,
    askSize,
  };
}

// {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":2,"u":3,"b":[["4.0","5.0"]],"a":[]}}
const DEPTH = literals({ lastId: ',"u":', bids: ',"b":', asks: ',"a":', end: '}}', level: '["', size: ',"' });

function readDepth(cursor, { opening, symbolPart, symbol, venueSymbol }, receivedAt) {
  cursor.literal(opening);
  const timestamp = micros(cursor.integer());
  cursor.literal(symbolPart);
  const firstSequenceId = cursor.integer();
  cursor.literal(DEPTH.lastId);
  const sequenceId = cursor.integer();
  cursor.literal(DEPTH.bids);
  const bids = readLevels(cursor);
  cursor.literal(DEPTH.asks);
  const asks = readLevels(cursor);
  cursor.literal(DEPTH.end);
  if (!cursor.closes()) return undefined;
  return {
    type: 'depth',
    venue: 'BINANCE',
    symbol,
    venueSymbol,
    assetClass: 'CRYPTO',
    stream: 'depth',
    timestamp,
    receivedAt,
    firstSequenceId,
    sequenceId,
    isSnapshot: false,
    bids,
    asks,
  };
}

function readLevels(cursor) {
  const levels = [];
  if (!cursor.accepts(OPEN)) cursor.ok = false;
  if (cursor.accepts(CLOSE)) return levels;
  do {
    cursor.literal(DEPTH.level);
    const price = cursor.decimal();
    cursor.literal(DEPTH.size);
    const size = cursor.decimal();
    if (!cursor.accepts(CLOSE)) cursor.ok = false;
    levels.push({ price, size });
  } while (cursor.ok && cursor.accepts(COMMA));
  if (!cursor.accepts(CLOSE)) cursor.ok = false;
  return levels;
}

const LAYOUTS = [
  { suffix: 'trade', read: readTrade, before: '"e":"trade","E":', after: '"t":' },
  { suffix: 'bookTicker', read: readQuote, before: '"u":', after: '"b":"' },
  { suffix: 'depth@100ms', read: readDepth, before: '"e":"depthUpdate","E":', after: '"U":' },
];

export function createNormaliser() {
  const cursor = new FrameCursor();
  const streams = new Map();
  for (const [venueSymbol, symbol] of Object.entries(SYMBOLS)) {
    for (const { suffix, read, before, after } of LAYOUTS) {
      const opening = literal(`{"stream":"${venueSymbol.toLowerCase()}@${suffix}","data":{${before}`);
      const symbolPart = literal(`,"s":"${venueSymbol}",${after}`);
      streams.set(nameHash(opening), { read, opening, symbolPart, symbol, venueSymbol });
    }
  }
  return {
    read(bytes, receivedAt, emit) {
      const stream = streams.get(nameHash(bytes));
      if (stream === undefined) throw new Error('frame of an unknown stream');
      cursor.open(bytes);
      const event = stream.read(cursor, stream, receivedAt);
      if (event === undefined) throw new Error('frame is not of the documented layout');
      emit(event);
    },
  };
}

/** Two names of one hash would only mean that one of them is refused: the whole opening is compared afterwards. */
function nameHash(bytes) {
  let hash = 0;
  for (let at = NAME_AT; at < bytes.length && bytes[at] !== QUOTATION_MARK; at++)
    hash = (Math.imul(hash, 31) + bytes[at]) | 0;
  return hash;
}
