import { z } from 'zod';
import { Depth } from './depth.js';
import { Gap } from './gap.js';
import { OHLCV } from './ohlcv.js';
import { Tick } from './tick.js';

/** Any canonical event, told apart by `type`: `tick`, `depth`, `bar`, `gap`. */
export const MarketEvent = z.discriminatedUnion('type', [Tick, Depth, OHLCV, Gap]);
/** Any canonical event, told apart by `type`: `tick`, `depth`, `bar`, `gap`. */
export type MarketEvent = z.infer<typeof MarketEvent>;
