/** Binance in events, rows and metrics. */
export const VENUE = 'BINANCE';
