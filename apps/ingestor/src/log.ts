import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { StatusLine } from './status-line.js';

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
  const write = (line: string): void => statusLine.print(format(line));
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}

function readable(): (line: string) => string {
  return pretty.prettyFactory({ colorize: process.stderr.isTTY, translateTime: 'SYS:HH:MM:ss' });
}
