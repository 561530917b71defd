/** Oanda in events, rows and metrics. */
export const VENUE = 'OANDA';
