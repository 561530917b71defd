/** The venue's name, as it stands in events. It calls itself Massive since October 2025. */
export const VENUE = 'POLYGON';
