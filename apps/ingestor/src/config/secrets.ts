/** Secrets that the ingestor asks for, each as `NAME` or `NAME_FILE`; those that are not needed may be missing. */
export const SECRETS = [
  'OANDA_API_KEY',
  'OANDA_ACCOUNT_ID',
  'CLICKHOUSE_PASSWORD',
  'INGESTOR_HTTP_TOKEN',
] as const;
