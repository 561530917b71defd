import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { StatusLine } from './status-line.js';

/** Log lines: readable on a terminal, JSON in a pipe; always to standard error, so that standard output is data. */
export function createLog(level: string, statusLine: StatusLine): Logger {
  const isTerminal = process.stderr.isTTY;
  const lines = { write: (line: string): void => statusLine.print(line) };
  const stream = isTerminal
    ? pretty({ destination: lines as never, ignore: 'pid,hostname', sync: true })
    : lines;
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}
