import type { SessionOutlet, Subscription } from '@autotrader/connector-core';
import type { DepthLevel, Micros } from '@autotrader/schemas';
import { FrameCursor } from './frame-cursor.js';
import { depthDiff, depthSnapshot, quoteTick, tradeTick } from './normalize.js';
import { isEpochTime } from './protocol.js';
import { wireName } from './streams.js';

/** The outlets of events alone. */
type EventOutlet = Pick<SessionOutlet, 'tick' | 'depth'>;

/** Reads one frame and hands its event on; `false` when the bytes are not exactly the known layout. */
type ReadFrame = (
  cursor: FrameCursor,
  stream: KnownStream,
  receivedAt: Micros,
  outlet: EventOutlet,
) => boolean;

/** A subscribed stream, and the bytes that open its frames and that surround its symbol. */
interface KnownStream {
  readonly read: ReadFrame;
  readonly subscription: Subscription;
  readonly opening: Uint8Array;
  readonly symbolPart: Uint8Array;
}

interface Layout {
  readonly read: ReadFrame;
  /** Between the stream's name and the first value. */
  readonly opening: string;
  /** Between the symbol and the value after it; empty where the payload has no symbol. */
  readonly afterSymbol: string;
}

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const LETTER_T = 0x74;
const DOUBLE_QUOTE = 0x22;

const literal = (text: string): Uint8Array => new TextEncoder().encode(text);

// {"stream":"btcusdt@trade","data":{"e":"trade","E":1,"s":"BTCUSDT","t":2,"p":"3.0","q":"4.0","T":5,"m":true,"M":true}}
const PRICE = literal(',"p":"');
const SIZE = literal(',"q":"');
const TIME = literal(',"T":');
const MAKER = literal(',"m":');
const MAKER_TRUE = literal('true,"M":true}}');
const MAKER_FALSE = literal('false,"M":true}}');

const readTrade: ReadFrame = (cursor, stream, receivedAt, outlet) => {
  cursor.literal(stream.opening);
  const eventTime = cursor.integer();
  cursor.literal(stream.symbolPart);
  const id = cursor.integer();
  cursor.literal(PRICE);
  const price = cursor.decimal();
  cursor.literal(SIZE);
  const size = cursor.decimal();
  return isEpochTime(eventTime) && readTradeEnd(cursor, stream, receivedAt, outlet, id, price, size);
};

// … "data":{"e":"aggTrade","E":1,"s":"BTCUSDT","a":2,"p":"3.0","q":"4.0","f":5,"l":6,"T":7,"m":true,"M":true}}
const FIRST_TRADE = literal(',"f":');
const LAST_TRADE = literal(',"l":');

const readAggTrade: ReadFrame = (cursor, stream, receivedAt, outlet) => {
  cursor.literal(stream.opening);
  const eventTime = cursor.integer();
  cursor.literal(stream.symbolPart);
  const id = cursor.integer();
  cursor.literal(PRICE);
  const price = cursor.decimal();
  cursor.literal(SIZE);
  const size = cursor.decimal();
  cursor.literal(FIRST_TRADE);
  cursor.integer();
  cursor.literal(LAST_TRADE);
  cursor.integer();
  return isEpochTime(eventTime) && readTradeEnd(cursor, stream, receivedAt, outlet, id, price, size);
};

/** What a trade and an aggregate trade have in common from the time on. */
function readTradeEnd(
  cursor: FrameCursor,
  { subscription }: KnownStream,
  receivedAt: Micros,
  outlet: EventOutlet,
  id: number,
  price: number,
  size: number,
): boolean {
  cursor.literal(TIME);
  const time = cursor.integer();
  cursor.literal(MAKER);
  const isBuyerMaker = cursor.bytes[cursor.at] === LETTER_T;
  cursor.literal(isBuyerMaker ? MAKER_TRUE : MAKER_FALSE);
  if (!cursor.closes() || !isEpochTime(time)) return false;
  outlet.tick(subscription, tradeTick(subscription.source, receivedAt, id, time, price, size, isBuyerMaker));
  return true;
}

// … "data":{"u":1,"s":"BTCUSDT","b":"2.0","B":"3.0","a":"4.0","A":"5.0"}}
const BID_SIZE = literal(',"B":"');
const ASK = literal(',"a":"');
const ASK_SIZE = literal(',"A":"');
const END = literal('}}');

const readQuote: ReadFrame = (cursor, { subscription, opening, symbolPart }, receivedAt, outlet) => {
  cursor.literal(opening);
  const id = cursor.integer();
  cursor.literal(symbolPart);
  const bid = cursor.decimal();
  cursor.literal(BID_SIZE);
  const bidSize = cursor.decimal();
  cursor.literal(ASK);
  const ask = cursor.decimal();
  cursor.literal(ASK_SIZE);
  const askSize = cursor.decimal();
  cursor.literal(END);
  if (!cursor.closes()) return false;
  outlet.tick(subscription, quoteTick(subscription.source, receivedAt, id, bid, bidSize, ask, askSize));
  return true;
};

// … "data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":2,"u":3,"b":[["4.0","5.0"]],"a":[]}}
const LAST_ID = literal(',"u":');
const DIFF_BIDS = literal(',"b":');
const DIFF_ASKS = literal(',"a":');

const readDiff: ReadFrame = (cursor, { subscription, opening, symbolPart }, receivedAt, outlet) => {
  cursor.literal(opening);
  const time = cursor.integer();
  cursor.literal(symbolPart);
  const firstId = cursor.integer();
  cursor.literal(LAST_ID);
  const lastId = cursor.integer();
  cursor.literal(DIFF_BIDS);
  const bids = readLevels(cursor);
  cursor.literal(DIFF_ASKS);
  const asks = readLevels(cursor);
  cursor.literal(END);
  if (!cursor.closes() || !isEpochTime(time) || firstId > lastId) return false;
  outlet.depth(subscription, depthDiff(subscription.source, receivedAt, firstId, lastId, time, bids, asks));
  return true;
};

// … "data":{"lastUpdateId":1,"bids":[["2.0","3.0"]],"asks":[["4.0","5.0"]]}}
const TOP_BIDS = literal(',"bids":');
const TOP_ASKS = literal(',"asks":');

const readTop: ReadFrame = (cursor, { subscription, opening }, receivedAt, outlet) => {
  cursor.literal(opening);
  const id = cursor.integer();
  cursor.literal(TOP_BIDS);
  const bids = readLevels(cursor);
  cursor.literal(TOP_ASKS);
  const asks = readLevels(cursor);
  cursor.literal(END);
  if (!cursor.closes()) return false;
  outlet.depth(subscription, depthSnapshot(subscription.source, receivedAt, id, bids, asks));
  return true;
};

const LEVEL_OPEN = literal('["');
const LEVEL_BETWEEN = literal(',"');

function readLevels(cursor: FrameCursor): DepthLevel[] {
  const levels: DepthLevel[] = [];
  cursor.byte(OPEN_BRACKET);
  if (cursor.accepts(CLOSE_BRACKET)) return levels;
  do {
    cursor.literal(LEVEL_OPEN);
    const price = cursor.decimal();
    cursor.literal(LEVEL_BETWEEN);
    const size = cursor.decimal();
    cursor.byte(CLOSE_BRACKET);
    levels.push({ price, size });
  } while (cursor.ok && cursor.accepts(COMMA));
  cursor.byte(CLOSE_BRACKET);
  return levels;
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  trade: { read: readTrade, opening: '{"e":"trade","E":', afterSymbol: ',"t":' },
  aggTrade: { read: readAggTrade, opening: '{"e":"aggTrade","E":', afterSymbol: ',"a":' },
  bookTicker: { read: readQuote, opening: '{"u":', afterSymbol: ',"b":"' },
  depth: { read: readDiff, opening: '{"e":"depthUpdate","E":', afterSymbol: ',"U":' },
  depth20: { read: readTop, opening: '{"lastUpdateId":', afterSymbol: '' },
};

/** What reads frames before JSON does. */
export interface FastLane {
  /** Reads this stream's frames from now on, where it knows their layout. */
  add(subscription: Subscription): void;
  /** Leaves this stream's frames to the JSON path. */
  remove(subscription: Subscription): void;
  /** Reads a frame and hands its event to the outlet; `false` leaves it to the JSON path. */
  receive(frame: Uint8Array, receivedAt: Micros, outlet: EventOutlet): boolean;
}

/**
 * The fast lane: frames whose bytes are exactly as the venue documents them are read without JSON, without a text
 * and without an allocation but the event. It accepts nothing that the schemas of `protocol.ts` would not turn into
 * the same event (a test holds the two against each other); any other frame is left to them.
 */
export class KnownLayout implements FastLane {
  readonly #streams = new Map<number, KnownStream>();
  readonly #cursor = new FrameCursor();

  add(subscription: Subscription): void {
    const { venueSymbol, stream } = subscription.source;
    const layout = LAYOUTS[stream];
    if (layout === undefined) return;
    const opening = literal(`{"stream":"${wireName(venueSymbol, stream)}","data":${layout.opening}`);
    const symbolPart = literal(`,"s":"${venueSymbol}"${layout.afterSymbol}`);
    this.#streams.set(nameHash(opening), { read: layout.read, subscription, opening, symbolPart });
  }

  remove({ source }: Subscription): void {
    this.#streams.delete(nameHash(literal(`{"stream":"${wireName(source.venueSymbol, source.stream)}"`)));
  }

  receive(frame: Uint8Array, receivedAt: Micros, outlet: EventOutlet): boolean {
    const stream = this.#streams.get(nameHash(frame));
    if (stream === undefined) return false;
    this.#cursor.open(frame);
    return stream.read(this.#cursor, stream, receivedAt, outlet);
  }
}

const NAME_AT = '{"stream":"'.length;

/** Hash of the stream's name; two names of one hash only mean that one of them is read as JSON. */
function nameHash(frame: Uint8Array): number {
  let hash = 0;
  for (let at = NAME_AT; at < frame.length && frame[at] !== DOUBLE_QUOTE; at++) {
    hash = (Math.imul(hash, 31) + (frame[at] ?? 0)) | 0;
  }
  return hash;
}
