import { describe, expect, it } from '@jest/globals';
import type { Subscription } from '@autotrader/connector-core';
import { FRAMES, TRADE_OF_US } from './fixtures/frames.js';
import { OutletLog } from './fixtures/outlet-log.js';
import { subscriptionTo } from './fixtures/subscription.js';
import { BinanceSession } from './session.js';

const RECEIVED_AT = 1_795_361_400_200_000;
const TRADE = subscriptionTo('trade');
const DEPTH20 = subscriptionTo('depth20');

function open(...subscriptions: readonly Subscription[]) {
  const log = new OutletLog();
  const session = new BinanceSession(log);
  const receive = (message: string | object): void =>
    session.receive(
      Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)),
      RECEIVED_AT,
    );
  const reasons = (): string[] => log.quarantined.map(({ reason }) => reason);
  if (subscriptions.length > 0) session.subscribe(subscriptions);
  return { log, session, receive, reasons };
}

describe('requests', () => {
  it('ask for streams by the names of the venue, each with an id of its own', () => {
    const { log, session } = open(TRADE, DEPTH20);
    session.subscribe([subscriptionTo('kline_1M', '币安人生USDT')]);
    session.unsubscribe([TRADE]);
    expect(log.sent.map((message) => JSON.parse(message))).toEqual([
      { method: 'SUBSCRIBE', params: ['btcusdt@trade', 'btcusdt@depth20@100ms'], id: 1 },
      { method: 'SUBSCRIBE', params: ['币安人生usdt@kline_1M'], id: 2 },
      { method: 'UNSUBSCRIBE', params: ['btcusdt@trade'], id: 3 },
    ]);
  });

  it('ask for 200 streams at most, so that 1,024 streams are 6 messages', () => {
    const many = Array.from({ length: 1_024 }, (_, index) => subscriptionTo('trade', `A${index}USDT`));
    const { log, session, receive } = open(...many);
    const asked = log.sent.map((message) => JSON.parse(message));
    expect(asked.map(({ params }) => params.length)).toEqual([200, 200, 200, 200, 200, 24]);
    expect(asked.flatMap(({ params }) => params)).toEqual(many.map((_, index) => `a${index}usdt@trade`));
    expect(asked.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
    receive({ result: null, id: 6 });
    expect(log.acknowledgements).toEqual([many.slice(1_000)]);
    session.unsubscribe(many.slice(0, 201));
    expect(log.sent).toHaveLength(8);
  });

  it('ask for nothing when there is nothing to ask for', () => {
    const { log, session } = open();
    session.subscribe([]);
    session.unsubscribe([]);
    expect(log.sent).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  it('is told for the streams of its request, in whatever order it comes', () => {
    const { log, session, receive } = open(TRADE);
    session.subscribe([DEPTH20]);
    receive({ result: null, id: 2 });
    receive({ result: null, id: 1 });
    expect(log.acknowledgements).toEqual([[DEPTH20], [TRADE]]);
    expect(log.quarantined).toEqual([]);
  });

  it('of leaving off is told for no stream', () => {
    const { log, session, receive } = open(TRADE);
    session.unsubscribe([TRADE]);
    receive({ result: null, id: 2 });
    expect(log.acknowledgements).toEqual([[]]);
  });

  it.each([
    ['of a request that was not made', { result: null, id: 7 }, /request that was not made: 7/],
    ['without a number', { result: null, id: null }, /answer: id/],
    ['with a text that reads like our number', { result: null, id: '1' }, /answer: id/],
    ['with an empty text', { result: null, id: '' }, /answer: id/],
    ['without an id', { result: null }, /answer: id/],
    ['with a fraction', { result: null, id: 1.5 }, /answer: id/],
    ['with a result', { result: ['btcusdt@trade'], id: 1 }, /answer: result/],
    ['with a field more', { result: null, id: 1, x: 1 }, /answer: Unrecognized key: "x"/],
  ])('%s goes to quarantine and agrees to nothing', (_, message, reason) => {
    const { log, receive, reasons } = open(TRADE);
    receive(message);
    expect(log.acknowledgements).toEqual([]);
    expect(reasons()).toEqual([expect.stringMatching(reason)]);
  });

  it('counts once: the second of one request goes to quarantine', () => {
    const { log, receive, reasons } = open(TRADE);
    receive({ result: null, id: 1 });
    receive({ result: null, id: 1 });
    expect(log.acknowledgements).toHaveLength(1);
    expect(reasons()).toEqual(['answer to a request that was not made: 1']);
  });
});

describe('a refusal', () => {
  const REASON = 'Binance refused btcusdt@trade: Invalid request (code 2)';

  it.each([
    ['flat, with its id', { code: 2, msg: 'Invalid request', id: 1 }],
    ['flat, without an id', { code: 2, msg: 'Invalid request' }],
    ['flat, with an empty id', { code: 2, msg: 'Invalid request', id: null }],
    ['in an object, with its id', { error: { code: 2, msg: 'Invalid request' }, id: 1 }],
    ['in an object, without an id', { error: { code: 2, msg: 'Invalid request' } }],
    ['in an object, with an empty id', { error: { code: 2, msg: 'Invalid request' }, id: null }],
  ])('%s is told with the streams it concerns and what the venue said', (_, message) => {
    const { log, receive } = open(TRADE);
    receive(message);
    expect(log.rejections).toEqual([{ subscriptions: [TRADE], reason: REASON }]);
    expect(log.quarantined).toEqual([]);
  });

  it('without an id answers the oldest request that is open', () => {
    const { log, session, receive } = open(TRADE);
    session.subscribe([DEPTH20]);
    session.subscribe([subscriptionTo('depth')]);
    receive({ result: null, id: 1 });
    receive({ code: 2, msg: 'no' });
    expect(log.rejections.map(({ subscriptions }) => subscriptions)).toEqual([[DEPTH20]]);
  });

  it('with an id answers that request and no older one', () => {
    const { log, session, receive } = open(TRADE);
    session.subscribe([DEPTH20]);
    receive({ error: { code: 2, msg: 'no' }, id: 2 });
    expect(log.rejections.map(({ subscriptions }) => subscriptions)).toEqual([[DEPTH20]]);
    receive({ result: null, id: 1 });
    expect(log.acknowledgements).toEqual([[TRADE]]);
  });

  it('of leaving off refuses no stream', () => {
    const { log, session, receive } = open();
    session.unsubscribe([TRADE]);
    receive({ code: 2, msg: 'no', id: 1 });
    expect(log.rejections).toEqual([
      { subscriptions: [], reason: 'Binance refused to leave off btcusdt@trade: no (code 2)' },
    ]);
  });

  it('of many streams names three of them, in one line whatever the venue says', () => {
    const many = Array.from({ length: 5 }, (_, index) => subscriptionTo('trade', `A${index}`));
    const { log, receive } = open(...many);
    receive({ code: 2, msg: `bad\n${'x'.repeat(9_999)}` });
    const [{ reason } = { reason: '' }] = log.rejections;
    expect(reason).toMatch(/^Binance refused a0@trade, a1@trade, a2@trade and 2 more: bad x+$/);
    expect(reason.length).toBeLessThanOrEqual(200);
  });

  it.each([
    ['of a request that was not made', { code: 2, msg: 'no', id: 7 }, /answers no request: no \(code 2\)/],
    ['with an id we never use', { code: 2, msg: 'no', id: 'abc' }, /not an error/],
    ['without a text', { code: 2 }, /not an error/],
    ['without a code', { error: { msg: 'no' } }, /not an error/],
  ])('%s goes to quarantine and refuses nothing', (_, message, reason) => {
    const { log, receive, reasons } = open(TRADE);
    receive(message);
    expect(log.rejections).toEqual([]);
    expect(reasons()).toEqual([expect.stringMatching(reason)]);
  });

  it('when nothing is open goes to quarantine', () => {
    const { receive, reasons } = open();
    receive({ code: 3, msg: 'Invalid JSON' });
    expect(reasons()).toEqual(['an error that answers no request: Invalid JSON (code 3)']);
  });
});

describe('serverShutdown', () => {
  it.each([
    { e: 'serverShutdown', E: 1_795_361_400_000 },
    { e: 'serverShutdown', E: 1_795_361_400_000_000 },
    { stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1_795_361_400_000 } },
    { stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1_795_361_400_000_000 } },
  ])('rolls the connection over: %j', (message) => {
    const { log, receive } = open(TRADE);
    receive(message);
    expect(log.rollOvers).toEqual(['the venue announced that this server shuts down']);
    expect(log.quarantined).toEqual([]);
  });

  it.each([
    { e: 'serverShutdown' },
    { e: 'serverShutdown', E: 'now' },
    { e: 'serverShutdown', E: 1_795_361_400_000, when: 1 },
    { stream: '!serverShutdown', data: null },
  ])('that is not as documented goes to quarantine: %j', (message) => {
    const { log, receive, reasons } = open(TRADE);
    receive(message);
    expect(log.rollOvers).toEqual([]);
    expect(reasons()).toEqual(['no message the venue documents']);
  });
});

describe('data', () => {
  it('may come before its acknowledgement', () => {
    const { log, receive } = open(TRADE);
    receive(FRAMES.trade);
    expect(log.events).toHaveLength(1);
    expect(log.acknowledgements).toEqual([]);
  });

  it('on its way when its stream was left off is neither an event nor an error', () => {
    const { log, session, receive } = open(TRADE, DEPTH20);
    session.unsubscribe([TRADE]);
    receive(FRAMES.trade);
    receive({ result: null, id: 2 });
    receive(FRAMES.trade);
    expect(log.events).toEqual([]);
    expect(log.quarantined).toEqual([]);
    receive(FRAMES.depth20);
    expect(log.events).toHaveLength(1);
  });

  it('is taken again once its stream is subscribed again', () => {
    const { log, session, receive } = open(TRADE);
    session.unsubscribe([TRADE]);
    session.subscribe([TRADE]);
    receive(FRAMES.trade);
    expect(log.by).toEqual([TRADE]);
  });

  it.each([
    'btcusdt@depth',
    'BTCUSDT@trade',
    'ethusdt@trade',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '',
  ])('of the stream %j, which is not subscribed, goes to quarantine', (stream) => {
    const { log, receive, reasons } = open(TRADE);
    receive({ stream, data: JSON.parse(FRAMES.trade).data });
    expect(log.events).toEqual([]);
    expect(reasons()).toEqual([`not subscribed: ${stream}`]);
  });

  it.each([
    ['milliseconds', 1_795_361_400_123, 1_795_361_400_123_000],
    ['microseconds', 1_795_361_400_123_456, 1_795_361_400_123_456],
    ['the last milliseconds that are exact', 9_007_199_254_740, 9_007_199_254_740_000],
  ])('in %s has its time in microseconds', (_, time, timestamp) => {
    const { log, receive } = open(TRADE, subscriptionTo('depth'), subscriptionTo('kline'));
    receive(FRAMES.trade.replace('1795361400122871', String(time)));
    receive(FRAMES.depth.replace('1795361400200123', String(time)));
    receive(FRAMES.kline.replace('1795361460012345', String(time)));
    expect(log.events.map((event) => event.timestamp)).toEqual([timestamp, timestamp, timestamp]);
  });

  it.each([
    ['a second', 1_795_361_400],
    ['14 digits', 17_953_614_001_234],
    ['15 digits', 179_536_140_012_345],
    ['nanoseconds', 1_795_361_400_123_456_800],
    ['milliseconds past the year 2255', 9_007_199_254_741],
    ['nothing', 0],
    ['before 1970', -1_795_361_400_123],
  ])('with a time that cannot be one (%s) goes to quarantine', (_, time) => {
    const { log, receive, reasons } = open(TRADE, subscriptionTo('depth'), subscriptionTo('kline'));
    receive(FRAMES.trade.replace('1795361400122871', String(time)));
    receive(FRAMES.trade.replace('1795361400123456', String(time)));
    receive(FRAMES.depth.replace('1795361400200123', String(time)));
    for (const kept of ['1795361460012345', '1795361400000000', '1795361459999999'])
      receive(FRAMES.kline.replace(kept, String(time)));
    expect(log.events).toEqual([]);
    expect(reasons().map((reason) => reason.split(':')[0])).toEqual([
      ...['trade', 'trade', 'depth', 'kline', 'kline', 'kline'],
    ]);
  });

  it('of symbols with digits or with letters that are not English has its symbols', () => {
    const { log, receive } = open(
      subscriptionTo('trade', '1000SATSUSDT', '1000SATS/USDT'),
      subscriptionTo('trade', '币安人生USDT', '币安人生/USDT'),
    );
    for (const symbol of ['1000SATSUSDT', '币安人生USDT'])
      receive(FRAMES.trade.replace('btcusdt', symbol.toLowerCase()).replace('BTCUSDT', symbol));
    const escaped = FRAMES.trade.replace('btcusdt', '币安人生usdt').replace('BTCUSDT', '\\u5e01安人生USDT');
    receive(escaped);
    const symbols = ['1000SATS/USDT', '币安人生/USDT', '币安人生/USDT'];
    expect(log.events.map(({ symbol }) => symbol)).toEqual(symbols);
    expect(log.quarantined).toEqual([]);
  });

  it('of Binance.US, with order ids and in milliseconds, is the same trade', () => {
    const { log, receive } = open(TRADE);
    receive(TRADE_OF_US);
    receive(FRAMES.trade);
    const [ofUs, ofLive] = log.events;
    expect(ofUs).toEqual({ ...ofLive, timestamp: 1_795_361_400_122_000 });
  });
});

describe('a frame that is not as documented', () => {
  it.each([
    ['not JSON', 'x', 'not JSON'],
    ['no object', '[]', 'no message the venue documents'],
    ['no message', 'null', 'not a JSON object'],
    ['an envelope with more', { stream: 'btcusdt@trade', data: {}, x: 1 }, 'Unrecognized key: "x"'],
    ['an envelope with less', { stream: 'btcusdt@trade' }, /^data: /],
    [
      'a name that is a number',
      { stream: 5, data: {} },
      'stream: Invalid input: expected string, received number',
    ],
    ['an answer of the REST API', { lastUpdateId: 1, bids: [], asks: [] }, 'no message the venue documents'],
  ])('is kept with its reason: %s', (_, message, reason) => {
    const { receive, reasons } = open(TRADE);
    receive(message);
    expect(reasons()).toEqual([typeof reason === 'string' ? reason : expect.stringMatching(reason)]);
  });

  it.each([
    ['an unknown field', '"M":true', '"M":true,"X":1', 'trade: Unrecognized key: "X"'],
    ['a missing field', ',"M":true', '', 'trade: M: Invalid input: expected boolean, received undefined'],
    ['a name that stands twice', '"M":true', '"m":false,"M":true', 'a name twice in one object'],
    ['one order id', '"q"', '"a":1,"q"', "trade: one side's order id without the other's"],
    ['another symbol', '"BTCUSDT"', '"ETHUSDT"', "trade: symbol ETHUSDT on another's stream"],
    ['an exponent', '"84215.37000000"', '"8e4"', 'trade: p: not a decimal'],
    ['a decimal without an end', '84215.37', `84215.37${'0'.repeat(40)}`, 'trade: p: not a decimal'],
    ['an id past 2^53', '5312345678', '9007199254740992', /^trade: t: /],
  ])('is kept with its reason: %s', (_, written, instead, reason) => {
    const { log, receive, reasons } = open(TRADE);
    receive(FRAMES.trade.replace(written, instead));
    expect(log.events).toEqual([]);
    expect(reasons()).toEqual([typeof reason === 'string' ? reason : expect.stringMatching(reason)]);
  });

  it('is kept with a reason in one line, however long the name is that it quotes', () => {
    const { receive, reasons } = open(TRADE);
    receive(FRAMES.trade.replace('"M"', `"${'\\n'.repeat(50)}${'x'.repeat(1_000_000)}":1,"M"`));
    const [reason = ''] = reasons();
    expect(reason).toMatch(/^trade: Unrecognized key: " x+$/);
    expect(reason.length).toBeLessThanOrEqual(200);
  });

  it('is kept with its reason: broken UTF-8 where any text is allowed', () => {
    const { session, log, reasons } = open(subscriptionTo('kline'));
    const bytes = Buffer.from(FRAMES.kline.replace('"B":"0"', '"B":"?"'));
    bytes[bytes.indexOf('?')] = 0xff;
    session.receive(bytes, RECEIVED_AT);
    expect(log.events).toEqual([]);
    expect(reasons()).toEqual(['not UTF-8']);
  });

  it.each([
    ['white space', FRAMES.trade.padEnd(5_000_000)],
    ['digits', FRAMES.trade.replace('84215.37', `84215.37${'0'.repeat(5_000_000)}`)],
    ['levels', FRAMES.depth20.replace('[[', `[${'["84215.36000000","3.10200000"],'.repeat(150_000)}[`)],
  ])('is kept with its reason: more than four megabytes of %s', (_, frame) => {
    const { log, receive, reasons } = open(TRADE, DEPTH20);
    receive(frame);
    expect(log.events).toEqual([]);
    expect(reasons()).toEqual([`larger than any frame of the venue: ${frame.length} bytes`]);
  });

  it('does not end the stream', () => {
    const { log, receive } = open(TRADE);
    receive('x');
    receive(FRAMES.trade);
    expect(log.events).toHaveLength(1);
  });
});

describe('a bar', () => {
  const KLINE = subscriptionTo('kline');

  it.each([
    ['of another length', '"i":"1m"', '"i":"1M"', "kline: interval 1M on another's stream"],
    [
      'of another symbol',
      '"s":"BTCUSDT","k"',
      '"s":"ETHUSDT","k"',
      "kline: symbol ETHUSDT on another's stream",
    ],
    [
      'of another symbol inside',
      '"s":"BTCUSDT","i"',
      '"s":"ETHUSDT","i"',
      "kline: symbol ETHUSDT on another's stream",
    ],
    ['with a first trade of -2', '"f":5312345600', '"f":-2', /^kline: k.f: /],
  ])('%s goes to quarantine', (_, written, instead, reason) => {
    const { log, receive, reasons } = open(KLINE);
    receive(FRAMES.kline.replace(written, instead));
    expect(log.events).toEqual([]);
    expect(reasons()).toEqual([typeof reason === 'string' ? reason : expect.stringMatching(reason)]);
  });
});
