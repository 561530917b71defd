/** Secrets that the ingestor asks for, and what each is; those that are not needed may be missing. */
export const SECRETS = {
  OANDA_API_KEY: 'key of Oanda',
  OANDA_ACCOUNT_ID: 'account at Oanda',
  CLICKHOUSE_PASSWORD: 'password at the ClickHouse server that `clickhouse.url` names',
  INGESTOR_HTTP_TOKEN:
    'who knows it may see the live page and metrics; without it everybody may who can reach them, which is this machine unless `http.host` says otherwise',
} as const;

/** Their names. */
export const SECRET_NAMES = Object.keys(SECRETS);
