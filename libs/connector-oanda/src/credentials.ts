/** What lets us in. Neither is ever part of an error, a log line or an address. */
export interface Credentials {
  readonly apiKey: string;
  /** `101-004-1234567-001`: site, division, user, account. */
  readonly accountId: string;
}

const ACCOUNT = /^[0-9]+(-[0-9]+){3}$/;
/** What a header may hold. */
const KEY = /^[\x21-\x7e]+$/;

/**
 * Credentials as given, or else of the environment: `OANDA_API_KEY`, `OANDA_ACCOUNT_ID`.
 * @throws RangeError when one is missing or cannot be one: one line that names it and does not quote it.
 */
export function credentialsOf(
  given: { readonly [Name in keyof Credentials]?: string | undefined },
  environment: NodeJS.ProcessEnv,
): Credentials {
  const apiKey = required('API key', 'OANDA_API_KEY', given.apiKey ?? environment['OANDA_API_KEY']);
  const accountId = required(
    'account id',
    'OANDA_ACCOUNT_ID',
    given.accountId ?? environment['OANDA_ACCOUNT_ID'],
  );
  if (!KEY.test(apiKey))
    throw new RangeError('the API key of Oanda holds a space or a line break: look at it');
  if (!ACCOUNT.test(accountId))
    throw new RangeError('the account id of Oanda is none: it looks like 101-004-1234567-001');
  return { apiKey, accountId };
}

/** An account for people: `101-***-001`. */
export function maskedAccount(accountId: string): string {
  const parts = accountId.split('-');
  return `${parts[0] ?? ''}-***-${parts.at(-1) ?? ''}`;
}

/** A text of the venue, which may quote what we sent it, without credentials. */
export function withoutCredentials(text: string, { apiKey, accountId }: Credentials): string {
  return text.replaceAll(apiKey, '***').replaceAll(accountId, maskedAccount(accountId));
}

function required(what: string, variable: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw new RangeError(`Oanda needs an ${what}: set ${variable}; a practice account is free at oanda.com`);
}
