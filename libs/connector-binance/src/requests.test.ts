import { describe, expect, it } from '@jest/globals';
import { openSession } from './fixtures/open-session.js';
import { subscriptionTo } from './fixtures/subscription.js';

const TRADE = subscriptionTo('trade');
const DEPTH20 = subscriptionTo('depth20');

describe('requests', () => {
  it('ask for streams by the names of the venue, each with an id of its own', () => {
    const { log, session } = openSession(TRADE, DEPTH20);
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
    const { log, session, receive } = openSession(...many);
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
    const { log, session } = openSession();
    session.subscribe([]);
    session.unsubscribe([]);
    expect(log.sent).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  it('is told for the streams of its request, in whatever order it comes', () => {
    const { log, session, receive } = openSession(TRADE);
    session.subscribe([DEPTH20]);
    receive({ result: null, id: 2 });
    receive({ result: null, id: 1 });
    expect(log.acknowledgements).toEqual([[DEPTH20], [TRADE]]);
    expect(log.quarantined).toEqual([]);
  });

  it('of leaving off is told for no stream', () => {
    const { log, session, receive } = openSession(TRADE);
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
    const { log, receive, reasons } = openSession(TRADE);
    receive(message);
    expect(log.acknowledgements).toEqual([]);
    expect(reasons()).toEqual([expect.stringMatching(reason)]);
  });

  it('counts once: the second of one request goes to quarantine', () => {
    const { log, receive, reasons } = openSession(TRADE);
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
    const { log, receive } = openSession(TRADE);
    receive(message);
    expect(log.rejections).toEqual([{ subscriptions: [TRADE], reason: REASON }]);
    expect(log.quarantined).toEqual([]);
  });

  it('without an id answers the oldest request that is open', () => {
    const { log, session, receive } = openSession(TRADE);
    session.subscribe([DEPTH20]);
    session.subscribe([subscriptionTo('depth')]);
    receive({ result: null, id: 1 });
    receive({ code: 2, msg: 'no' });
    expect(log.rejections.map(({ subscriptions }) => subscriptions)).toEqual([[DEPTH20]]);
  });

  it('answers a request once: the next one answers the next request', () => {
    const { log, session, receive, reasons } = openSession(TRADE);
    session.subscribe([DEPTH20]);
    for (let count = 0; count < 3; count++) receive({ code: 2, msg: 'no' });
    expect(log.rejections.map(({ subscriptions }) => subscriptions)).toEqual([[TRADE], [DEPTH20]]);
    expect(reasons()).toEqual(['an error that answers no request: no (code 2)']);
  });

  it('with an id answers that request and no older one', () => {
    const { log, session, receive } = openSession(TRADE);
    session.subscribe([DEPTH20]);
    receive({ error: { code: 2, msg: 'no' }, id: 2 });
    expect(log.rejections.map(({ subscriptions }) => subscriptions)).toEqual([[DEPTH20]]);
    receive({ result: null, id: 1 });
    expect(log.acknowledgements).toEqual([[TRADE]]);
  });

  it('of leaving off refuses no stream', () => {
    const { log, session, receive } = openSession();
    session.unsubscribe([TRADE]);
    receive({ code: 2, msg: 'no', id: 1 });
    expect(log.rejections).toEqual([
      { subscriptions: [], reason: 'Binance refused to leave off btcusdt@trade: no (code 2)' },
    ]);
  });

  it('of many streams names three of them, in one line whatever the venue says', () => {
    const many = Array.from({ length: 5 }, (_, index) => subscriptionTo('trade', `A${index}`));
    const { log, receive } = openSession(...many);
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
    const { log, receive, reasons } = openSession(TRADE);
    receive(message);
    expect(log.rejections).toEqual([]);
    expect(reasons()).toEqual([expect.stringMatching(reason)]);
  });

  it('when nothing is open goes to quarantine', () => {
    const { receive, reasons } = openSession();
    receive({ code: 3, msg: 'Invalid JSON' });
    expect(reasons()).toEqual(['an error that answers no request: Invalid JSON (code 3)']);
  });
});
