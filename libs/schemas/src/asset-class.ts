import { z } from 'zod';

/** What kind of thing is traded. */
export const AssetClass = z.enum(['EQUITY', 'CRYPTO', 'FOREX', 'COMMODITY', 'INDEX']);
/** What kind of thing is traded. */
export type AssetClass = z.infer<typeof AssetClass>;
