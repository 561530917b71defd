import { z } from 'zod';
import { eventFields, SequenceId } from './event.js';

/** One price level of an order book; size in base units, 0 in a diff means the level is gone. */
export const DepthLevel = z
  .object({
    price: z.number().meta({ description: 'price of the level' }),
    size: z.number().min(0).meta({ description: 'size at the level, base units; 0 removes it' }),
  })
  .readonly();
/** One price level of an order book; size in base units, 0 in a diff means the level is gone. */
export type DepthLevel = z.infer<typeof DepthLevel>;

/** The top of an order book, or a change of it; best level first in a snapshot. */
export const Depth = z
  .object({
    type: z.literal('depth'),
    ...eventFields,
    firstSequenceId: SequenceId.optional().meta({
      description: 'first update id a diff covers; sequenceId is the last',
      storedAs: 'uint64',
    }),
    isSnapshot: z
      .boolean()
      .meta({ description: 'true: the whole (top of the) book; false: changed levels only' }),
    bids: z.array(DepthLevel).readonly().meta({ description: 'bid levels, best first' }),
    asks: z.array(DepthLevel).readonly().meta({ description: 'ask levels, best first' }),
  })
  .readonly();
/** The top of an order book, or a change of it; best level first in a snapshot. */
export type Depth = z.infer<typeof Depth>;
