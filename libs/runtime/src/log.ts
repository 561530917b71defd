/** Where a person hears of something; that of pino is one. */
export interface Log {
  info(line: string): void;
  error(line: string): void;
}
