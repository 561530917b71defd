/**
 * How rows came to us, which decides how long they are kept: `live` as they happened, for as long as the
 * retention says; `backfill` as history (downloaded, replayed, imported), until its owner says otherwise.
 */
export type Origin = 'live' | 'backfill';
