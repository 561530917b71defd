import { z } from 'zod';

const count = z.int().min(1);
const httpUrl = z.url({ protocol: /^https?$/, error: 'not an address like http://host:port' });
const text = z.string().min(1);

/** Every option, by its name in a file; on the command line `baseUrl` is `--base-url`. */
export const SETTINGS = {
  symbols: z.array(text).min(1).describe("symbols, by the venue's name (EURUSD, AAPL) or ours (EUR/USD)"),
  from: text.describe('first day, or exact moment, wanted'),
  to: text.describe('last day wanted, or the exact moment before which'),
  timespan: z
    .enum(['tick', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'])
    .describe('dukascopy: tick (default), minute, hour, day; polygon: second to year, default day'),
  multiplier: count.describe('polygon: how many timespans a bar has, default 1'),
  adjusted: z.boolean().describe('polygon: as if later splits had been then, default true'),
  grouped: z.boolean().describe('polygon: every stock of a day by one request, in place of symbols'),
  transport: z.enum(['auto', 'bi5', 'jetta']).describe('dukascopy: the way to its files, default auto'),
  plan: z.enum(['free', 'paid']).describe('polygon: what the key allows, default free (5 requests a minute)'),
  requestsPerSecond: z.number().positive().describe('dukascopy: no more requests a second, default 2'),
  requestsPerMinute: count.describe("polygon: no more requests a minute, in place of the plan's"),
  baseUrl: httpUrl.describe("address of the venue's host, in place of its own"),
  retries: z.int().min(0).describe('tries of a request after the first, default 3'),
  concurrency: count
    .max(64)
    .describe('times that are fetched at once, within the limit of requests, default 4'),
  clickhouse: httpUrl.describe('a ClickHouse server; the address may hold user and password'),
  data: text.describe('folder of the ClickHouse that is started otherwise, default ./data'),
  cache: z
    .union([text, z.literal(false)])
    .describe('folder of the downloads, default ./downloads; false for none'),
  cacheSize: z.number().positive().describe('GiB of downloads that are kept at most, default 10'),
  shard: z
    .string()
    .regex(/^\d+\/\d+$/)
    .describe('I/N: only the share I (from 0) of N workers'),
  leaseSeconds: count.describe(
    'so long after a worker was last heard of its tasks are given to another, default 60',
  ),
  metricsFile: text.describe(
    'file that metrics are written to, for the textfile collector of a node exporter',
  ),
} as const;

/** Options, of a file and of the command line. */
export const Settings = z.strictObject(SETTINGS).partial();
/** Options, of a file and of the command line. */
export type Settings = z.output<typeof Settings>;
