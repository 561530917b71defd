/** Interactive Brokers in events, rows and metrics. */
export const VENUE = 'IBKR';
