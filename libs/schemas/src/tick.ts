import { z } from 'zod';
import { eventFields } from './event.js';
import { Side } from './side.js';

/** Whether a tick is an execution or the best bid and ask. */
export const TickKind = z.enum(['trade', 'quote']);
/** Whether a tick is an execution or the best bid and ask. */
export type TickKind = z.infer<typeof TickKind>;

/** One trade, or one change of the best bid and ask; prices in the quote currency, sizes in the base. */
export const Tick = z
  .object({
    type: z.literal('tick'),
    ...eventFields,
    kind: TickKind.meta({ description: 'trade: an execution; quote: best bid and ask' }),
    price: z.number().meta({ description: 'price of the trade; of a quote, the mid of bid and ask' }),
    size: z.number().min(0).meta({ description: 'size of the trade in base units; 0 for a quote' }),
    side: Side.meta({ description: 'the aggressor' }),
    bid: z.number().optional().meta({ description: 'best bid price' }),
    ask: z.number().optional().meta({ description: 'best ask price' }),
    bidSize: z.number().min(0).optional().meta({ description: 'size at the best bid, base units' }),
    askSize: z.number().min(0).optional().meta({ description: 'size at the best ask, base units' }),
  })
  .readonly();
/** One trade, or one change of the best bid and ask; prices in the quote currency, sizes in the base. */
export type Tick = z.infer<typeof Tick>;
