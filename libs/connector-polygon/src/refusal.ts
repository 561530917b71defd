import {
  type ConnectorError,
  oneLine,
  RateLimitedError,
  RejectedError,
  TransportError,
} from '@autotrader/connector-core';
import { WireStatus } from './protocol.js';
import { VENUE } from './venue-name.js';

/** The allowance is counted by the minute. */
export const THROTTLED_MS = 60_000;

/** An answer that is not what was asked for. */
export interface Refusal {
  readonly status: number;
  /** As JSON; `undefined` when it was none. */
  readonly body: unknown;
  /** What it asks us to wait, milliseconds; `undefined` when it does not say. */
  readonly waitMs: number | undefined;
}

/** What a refusal means, in one line: whose fault it is, and what to do. Some come with HTTP 200. */
export function errorOf({ status, body, waitMs = THROTTLED_MS }: Refusal, apiKey: string): ConnectorError {
  const said = WireStatus.safeParse(body).data;
  const text = said?.error ?? said?.message;
  const quoted = text === undefined ? '' : `: ${oneLine(text.replaceAll(apiKey, '***'))}`;
  const at = `(HTTP ${status}${quoted})`;
  if (status === 429 || /exceeded the maximum requests/i.test(text ?? ''))
    return new RateLimitedError(
      VENUE,
      `Polygon asks to wait ${at}: a free key has 5 requests a minute`,
      waitMs,
    );
  if (status === 401) return rejected(`Polygon does not know the key ${at}: look at POLYGON_API_KEY`);
  if (status === 403 || said?.status === 'NOT_AUTHORIZED')
    return rejected(
      `the plan of this key does not include what was asked of Polygon ${at}: ask for less, or for another plan`,
    );
  if (status >= 400 && status < 500) return rejected(`Polygon refused the request ${at}`);
  return new TransportError(VENUE, `Polygon answered with an error ${at}`);
}

function rejected(message: string): RejectedError {
  return new RejectedError(VENUE, message);
}
