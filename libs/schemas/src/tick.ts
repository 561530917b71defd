import { z } from 'zod';
import { eventFields, SequenceId } from './event.js';
import { Side } from './side.js';

/** Whether a tick is an execution or the best bid and ask. */
export const TickKind = z.enum(['trade', 'quote']);
/** Whether a tick is an execution or the best bid and ask. */
export type TickKind = z.infer<typeof TickKind>;

/**
 * What a venue says of a tick that is not quite what it looks like: `INDICATIVE` nobody trades at this quote just now
 * (the market is closed or halted) · `DELAYED` it is some fifteen minutes old, for lack of a subscription.
 */
export const TickCondition = z.enum(['INDICATIVE', 'DELAYED']);
/** What a venue says of a tick that is not quite what it looks like; see the schema of the same name. */
export type TickCondition = z.infer<typeof TickCondition>;

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
    condition: TickCondition.optional().meta({
      description:
        'INDICATIVE: not to be traded at just now; DELAYED: some fifteen minutes old; absent: neither',
    }),
    contentId: SequenceId.optional().meta({
      description:
        'where the venue has no ids and times too coarse to tell events apart: made of what the event says and of how ' +
        'many equal ones came before it in its time, so that copies of an event have the same, whoever recorded it',
      storedAs: 'uint64',
    }),
  })
  .readonly();
/** One trade, or one change of the best bid and ask; prices in the quote currency, sizes in the base. */
export type Tick = z.infer<typeof Tick>;
