/** The venue's name, as it stands in events. */
export const VENUE = 'DUKASCOPY';
