import { z } from 'zod';

/** The side of the aggressor, the one who took liquidity; `UNKNOWN` where the venue does not say. */
export const Side = z.enum(['BUY', 'SELL', 'UNKNOWN']);
/** The side of the aggressor, the one who took liquidity; `UNKNOWN` where the venue does not say. */
export type Side = z.infer<typeof Side>;
