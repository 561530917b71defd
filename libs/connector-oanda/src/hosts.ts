import { baseUrl } from '@autotrader/connector-core';

/** Where an Oanda is: its streams and its REST API. */
export interface OandaHost {
  /** Address of the streams, without a path. */
  readonly streamUrl: string;
  /** Address of the REST API, without a path. */
  readonly restUrl: string;
}

/** The Oandas there are; a key is of one of them. See https://developer.oanda.com/rest-live-v20/development-guide/ */
export const OANDA_HOSTS = {
  /** Practice accounts: real prices, no money. */
  practice: {
    streamUrl: 'https://stream-fxpractice.oanda.com',
    restUrl: 'https://api-fxpractice.oanda.com',
  },
  /** Live accounts. */
  live: { streamUrl: 'https://stream-fxtrade.oanda.com', restUrl: 'https://api-fxtrade.oanda.com' },
} as const satisfies Record<string, OandaHost>;

/** Name of one of {@link OANDA_HOSTS}. */
export type OandaEnvironment = keyof typeof OANDA_HOSTS;

const PROTOCOLS = ['https:', 'http:'];
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The addresses of an environment, with those given in their place.
 * @throws RangeError when there is no such environment, or an address is none or would send the key in the clear.
 */
export function addressesOf(
  environment: OandaEnvironment,
  given: { readonly [Name in keyof OandaHost]?: string | undefined },
): OandaHost {
  if (!Object.hasOwn(OANDA_HOSTS, environment)) {
    const names = Object.keys(OANDA_HOSTS).join(', ');
    throw new RangeError(`there is no Oanda environment "${environment}": it is one of ${names}`);
  }
  const host = OANDA_HOSTS[environment];
  return {
    streamUrl: address('streamUrl', given.streamUrl ?? host.streamUrl),
    restUrl: address('restUrl', given.restUrl ?? host.restUrl),
  };
}

function address(option: string, text: string): string {
  const url = baseUrl(option, text, PROTOCOLS);
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return url;
  throw new RangeError(
    `${option} is "${text}": the key would go there in the clear, give an address with https://`,
  );
}
