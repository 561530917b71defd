const WEBSOCKET = 'wss://stream.binance.com:9443/stream';

/** What ccxt pro does with a frame of Binance, through an unconnected client of its own. */
export async function ccxtContenders({ require }, snapshots) {
  const ccxt = require('ccxt');

  function connectionOf(frames) {
    const exchange = new ccxt.pro.binance();
    exchange.setMarkets(snapshots.map(({ symbol }) => market(symbol)));
    for (const { symbol, book } of snapshots)
      exchange.orderbooks[unified(symbol)] = orderBook(exchange, symbol, book, frames);
    return { exchange, client: exchange.client(WEBSOCKET) };
  }

  /** Parsed frames straight into its dispatcher. */
  function dispatcher(frames, inspect) {
    const { exchange, client } = connectionOf(frames);
    inspect?.(client);
    return () => {
      for (const { bytes } of frames) exchange.handleMessage(client, JSON.parse(bytes.toString()));
    };
  }

  /** The callback of its socket, to which `ws` gives a text frame as a string. */
  function asUsed(frames) {
    const { client } = connectionOf(frames);
    return () => {
      for (const { bytes } of frames) client.onMessage({ data: bytes.toString() });
    };
  }

  return { dispatcher, asUsed };
}

/** A book that ends where the first diff begins, so that ccxt applies every diff. */
function orderBook(exchange, symbol, book, frames) {
  const stream = `${symbol.toLowerCase()}@depth`;
  const first = frames.find(({ kind, bytes }) => kind === 'depth' && bytes.includes(stream));
  const snapshot = exchange.parseOrderBook(book, unified(symbol));
  snapshot.nonce = first === undefined ? book.lastUpdateId : JSON.parse(first.bytes.toString()).data.U - 1;
  const orderbook = exchange.orderBook({}, 1000);
  orderbook.reset(snapshot);
  return orderbook;
}

export function unified(symbol) {
  return symbol.replace(/USDT$/, '/USDT');
}

function market(id) {
  const [base, quote] = unified(id).split('/');
  const ids = {
    id,
    lowercaseId: id.toLowerCase(),
    symbol: unified(id),
    base,
    quote,
    baseId: base,
    quoteId: quote,
  };
  const type = {
    type: 'spot',
    spot: true,
    margin: false,
    swap: false,
    future: false,
    option: false,
    contract: false,
  };
  return { ...ids, ...type, active: true, precision: { amount: 1e-5, price: 0.01 }, limits: {}, info: {} };
}
