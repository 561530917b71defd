import { parseRfc3339 } from '@autotrader/schemas';
import { candlesOf, lengthOf } from './candles.js';
import { describeInstrument } from './instrument.js';
import { priceLine, rfc3339 } from './price.js';
import type { VenueState } from './venue-state.js';

const DEFAULT_COUNT = 500;
const MOST_COUNT = 5_000;

/** An answer of the REST interface. */
export interface RestAnswer {
  readonly status: number;
  readonly body: object;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
}

/** Answers what is asked of the account and of the candles. */
export function answerRest(url: URL, state: VenueState): RestAnswer {
  const { pathname, searchParams } = url;
  if (pathname === '/v3/accounts') return ok({ accounts: [{ id: state.accountId, tags: [] }] });
  if (pathname === `/v3/accounts/${state.accountId}/instruments`)
    return ok({ instruments: state.instruments.map(describeInstrument), lastTransactionID: '6543' });
  if (pathname === `/v3/accounts/${state.accountId}/pricing`) return pricing(searchParams, state);
  const [, instrument] = /^\/v3\/instruments\/([^/]+)\/candles$/.exec(pathname) ?? [];
  return instrument === undefined ? refused(404, 'No such path') : candles(instrument, searchParams, state);
}

function pricing(query: URLSearchParams, state: VenueState): RestAnswer {
  const names = (query.get('instruments') ?? '').split(',');
  const prices = names.flatMap((name) => {
    const last = state.last.get(name);
    return last === undefined ? [] : [JSON.parse(priceLine(last)) as object];
  });
  return ok({ prices, time: rfc3339(state.now()) });
}

function candles(instrument: string, query: URLSearchParams, state: VenueState): RestAnswer {
  if (!state.instruments.some(({ name }) => name === instrument))
    return refused(400, "Invalid value specified for 'instrument'");
  const price = query.get('price') ?? 'M';
  const granularity = query.get('granularity') ?? 'S5';
  const count = Number(query.get('count') ?? DEFAULT_COUNT);
  if (lengthOf(granularity) === undefined) return refused(400, "Invalid value specified for 'granularity'");
  if (!/^[MBA]+$/.test(price)) return refused(400, "Invalid value specified for 'price'");
  if (!(count >= 1 && count <= MOST_COUNT)) return refused(400, 'Maximum value for "count" exceeded');
  const from = parseRfc3339(query.get('from') ?? rfc3339(0));
  const includeFirst = query.get('includeFirst') !== 'false';
  const asked = { instrument, price, granularity, from, count, includeFirst };
  return ok(candlesOf(asked, state.prices, state.now()));
}

function ok(body: object): RestAnswer {
  return { status: 200, body };
}

function refused(status: number, errorMessage: string): RestAnswer {
  return { status, body: { errorMessage } };
}
