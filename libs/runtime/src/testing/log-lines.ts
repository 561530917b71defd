import { pino, type Logger } from 'pino';

/** A log that keeps its lines, each as `level: message`. */
export class LogLines {
  readonly lines: string[] = [];
  readonly log: Logger = pino(
    { level: 'trace', base: null, formatters: { level: (level) => ({ level }) } },
    {
      write: (text: string) => {
        const { level, msg } = JSON.parse(text) as { level: string; msg: string };
        this.lines.push(`${level}: ${msg}`);
      },
    },
  );
}
