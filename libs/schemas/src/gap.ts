import { z } from 'zod';
import { eventFields, Micros, SequenceId } from './event.js';

/**
 * Why something is missing: `SEQUENCE` an id was jumped over while connected; `DISCONNECT` we were not
 * connected; `SEQUENCE_RESET` the venue began its ids anew, so what lies between cannot be known; `BACKFILL` a back-fill did not
 * get what there should be.
 */
export const GapCause = z.enum(['SEQUENCE', 'DISCONNECT', 'SEQUENCE_RESET', 'BACKFILL']);
/** Why something is missing; see the schema of the same name. */
export type GapCause = z.infer<typeof GapCause>;

/** A hole in a stream: what is missing, from and to (both inclusive by id), and why. */
export const Gap = z
  .object({
    type: z.literal('gap'),
    ...eventFields,
    fromSequence: SequenceId.optional().meta({ description: 'first missing id', storedAs: 'uint64' }),
    toSequence: SequenceId.optional().meta({ description: 'last missing id', storedAs: 'uint64' }),
    fromTime: Micros.meta({ description: 'time of the last event before the hole', storedAs: 'timestamp' }),
    toTime: Micros.meta({ description: 'time of the first event after the hole', storedAs: 'timestamp' }),
    cause: GapCause.meta({ description: 'why it is missing' }),
    healedAt: Micros.optional().meta({
      description: 'when the missing events arrived after all; absent while they are missing',
      storedAs: 'timestamp',
    }),
  })
  .readonly();
/** A hole in a stream: what is missing, from and to (both inclusive by id), and why. */
export type Gap = z.infer<typeof Gap>;
