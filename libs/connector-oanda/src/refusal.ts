import {
  type ConnectorError,
  oneLine,
  RateLimitedError,
  RejectedError,
  TransportError,
} from '@autotrader/connector-core';
import { type Credentials, maskedAccount, withoutCredentials } from './credentials.js';
import { WireError } from './protocol.js';
import { VENUE } from './venue-name.js';

/** The venue allows two new connections a second. */
const WAIT_UNSAID_MS = 1_000;

/** An answer that is not what was asked for. */
export interface Refusal {
  readonly status: number;
  /** As JSON; `undefined` when it was none. */
  readonly body: unknown;
  /** What the venue asks us to wait, in milliseconds; `undefined` when it does not say. */
  readonly waitMs: number | undefined;
}

/**
 * What a refusal means, in one line: whose fault it is, and what to do.
 * https://developer.oanda.com/rest-live-v20/troubleshooting-errors/
 */
export function errorOf({ status, body, waitMs }: Refusal, credentials: Credentials): ConnectorError {
  const message = WireError.safeParse(body).data?.errorMessage;
  const said = message === undefined ? '' : `: ${oneLine(withoutCredentials(message, credentials))}`;
  const at = `(HTTP ${status}${said})`;
  const account = maskedAccount(credentials.accountId);
  switch (status) {
    case 401:
      return rejected(
        `Oanda refused the key ${at}: look at OANDA_API_KEY; practice and live have keys of their own`,
      );
    case 403:
      return rejected(`Oanda does not let this key see account ${account} ${at}: look at OANDA_ACCOUNT_ID`);
    case 404:
      return rejected(
        `Oanda knows no account ${account}, or no such instrument ${at}: look at OANDA_ACCOUNT_ID`,
      );
    case 429:
      return new RateLimitedError(VENUE, `Oanda asks to wait ${at}`, waitMs ?? WAIT_UNSAID_MS);
    default:
      return status >= 400 && status < 500
        ? rejected(`Oanda refused the request ${at}`)
        : new TransportError(VENUE, `Oanda answered with an error ${at}`);
  }
}

function rejected(message: string): RejectedError {
  return new RejectedError(VENUE, message);
}
