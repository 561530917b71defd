import { describe, expect, it } from '@jest/globals';
import { FRAMES, TRADE_OF_US } from './fixtures/frames.js';
import { openSession, RECEIVED_AT } from './fixtures/open-session.js';
import { subscriptionTo } from './fixtures/subscription.js';

const TRADE = subscriptionTo('trade');
const DEPTH20 = subscriptionTo('depth20');

describe('serverShutdown', () => {
  it.each([
    { e: 'serverShutdown', E: 1_795_361_400_000 },
    { e: 'serverShutdown', E: 1_795_361_400_000_000 },
    { stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1_795_361_400_000 } },
    { stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1_795_361_400_000_000 } },
  ])('rolls the connection over: %j', (message) => {
    const { log, receive } = openSession(TRADE);
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
    const { log, receive, reasons } = openSession(TRADE);
    receive(message);
    expect(log.rollOvers).toEqual([]);
    expect(reasons()).toEqual(['no message the venue documents']);
  });
});

describe('data', () => {
  it('may come before its acknowledgement', () => {
    const { log, receive } = openSession(TRADE);
    receive(FRAMES.trade);
    expect(log.events).toHaveLength(1);
    expect(log.acknowledgements).toEqual([]);
  });

  it('on its way when its stream was left off is neither an event nor an error', () => {
    const { log, session, receive } = openSession(TRADE, DEPTH20);
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
    const { log, session, receive } = openSession(TRADE);
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
    const { log, receive, reasons } = openSession(TRADE);
    receive({ stream, data: JSON.parse(FRAMES.trade).data });
    expect(log.events).toEqual([]);
    expect(reasons()).toEqual([`not subscribed: ${stream}`]);
  });

  it.each([
    ['milliseconds', 1_795_361_400_123, 1_795_361_400_123_000],
    ['microseconds', 1_795_361_400_123_456, 1_795_361_400_123_456],
    ['the last milliseconds that are exact', 9_007_199_254_740, 9_007_199_254_740_000],
  ])('in %s has its time in microseconds', (_, time, timestamp) => {
    const { log, receive } = openSession(TRADE, subscriptionTo('depth'), subscriptionTo('kline'));
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
    const { log, receive, reasons } = openSession(TRADE, subscriptionTo('depth'), subscriptionTo('kline'));
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
    const { log, receive } = openSession(
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
    const { log, receive } = openSession(TRADE);
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
    const { receive, reasons } = openSession(TRADE);
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
    const { log, receive, reasons } = openSession(TRADE);
    receive(FRAMES.trade.replace(written, instead));
    expect(log.events).toEqual([]);
    expect(reasons()).toEqual([typeof reason === 'string' ? reason : expect.stringMatching(reason)]);
  });

  it('is kept with a reason in one line, however long the name is that it quotes', () => {
    const { receive, reasons } = openSession(TRADE);
    receive(FRAMES.trade.replace('"M"', `"${'\\n'.repeat(50)}${'x'.repeat(1_000_000)}":1,"M"`));
    const [reason = ''] = reasons();
    expect(reason).toMatch(/^trade: Unrecognized key: " x+$/);
    expect(reason.length).toBeLessThanOrEqual(200);
  });

  it('is kept with its reason: broken UTF-8 where any text is allowed', () => {
    const { session, log, reasons } = openSession(subscriptionTo('kline'));
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
    const { log, receive, reasons } = openSession(TRADE, DEPTH20);
    receive(frame);
    expect(log.events).toEqual([]);
    expect(reasons()).toEqual([`larger than any frame of the venue: ${frame.length} bytes`]);
  });

  it('does not end the stream', () => {
    const { log, receive } = openSession(TRADE);
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
    const { log, receive, reasons } = openSession(KLINE);
    receive(FRAMES.kline.replace(written, instead));
    expect(log.events).toEqual([]);
    expect(reasons()).toEqual([typeof reason === 'string' ? reason : expect.stringMatching(reason)]);
  });
});
