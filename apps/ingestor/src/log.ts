import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { redacted } from '@autotrader/runtime';
import type { StatusLine } from './status-line.js';

/** What these hold is never written, whatever it is; secrets that are known are found anywhere. */
const SECRET_NAMES = ['password', 'apiKey', 'token', 'authorization', 'secret'];
const SECRET_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/**
 * Log lines, always to standard error, so that standard output is data.
 * @param isReadable for people, as on a terminal by default; otherwise each line is JSON.
 */
export function createLog(
  level: string,
  statusLine: StatusLine,
  isReadable: boolean = process.stderr.isTTY,
): Logger {
  const format = isReadable ? readable() : (line: string): string => line;
  const write = (line: string): void => statusLine.print(redacted(format(line)));
  const redact = { paths: SECRET_PATHS, censor: '[redacted]' };
  return pino({ level, base: null, redact, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}

function readable(): (line: string) => string {
  return pretty.prettyFactory({ colorize: process.stderr.isTTY, translateTime: 'SYS:HH:MM:ss' });
}
