import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { StorageError } from '../errors.js';

/** Where the server is and who asks. */
export interface ConnectionOptions {
  /** The HTTP interface: `http://127.0.0.1:8123`. May carry user and password. */
  readonly url: string;
  /** Default: `market_data`. */
  readonly database?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** A request on which nothing has come for so long has failed, in milliseconds; default 60,000. */
  readonly requestTimeoutMs?: number | undefined;
}

/** A client of one server, and how errors name them. */
export interface Connection {
  readonly client: ClickHouseClient;
  /** Without user and password. */
  readonly url: string;
  readonly username: string;
  readonly database: string;
}

const DEFAULT_DATABASE = 'market_data';
const REQUEST_TIMEOUT_MS = 60_000;

/** The server closes idle sockets after 3 s (Cloud) or 10 s and more: ours must be gone before. */
const IDLE_SOCKET_TTL_MS = 2500;

/**
 * A client for the server; nothing is asked of the server yet.
 * @throws StorageError CONFIGURATION when the URL or the database name cannot be one.
 */
export function connect(options: ConnectionOptions): Connection {
  const url = parseUrl(options.url);
  const username = options.username ?? (decodeURIComponent(url.username) || 'default');
  const client = createClient({
    url: url.origin,
    username,
    password: options.password ?? decodeURIComponent(url.password),
    application: 'autotrader',
    request_timeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    keep_alive: { idle_socket_ttl: IDLE_SOCKET_TTL_MS, eagerly_destroy_stale_sockets: true },
    log: { level: ClickHouseLogLevel.OFF },
  });
  return { client, url: url.origin, username, database: checkedDatabase(options.database) };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new StorageError('CONFIGURATION', 'clickhouse.url must be a URL like http://127.0.0.1:8123');
}

function checkedDatabase(name = DEFAULT_DATABASE): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  const rule = 'use letters, digits and underscores, and begin with no digit';
  throw new StorageError('CONFIGURATION', `"${name}" cannot be the name of a database: ${rule}`);
}
