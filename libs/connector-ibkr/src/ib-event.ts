/** An event of the library, or something that is wrong with a message, as plain data. */
export interface IbEvent {
  /** As the library names it: `tickByTickAllLast`; or {@link UNDECODED}. */
  readonly name: string;
  readonly args: readonly unknown[];
  /** The message it came from, with its length before it. */
  readonly bytes: Buffer;
}

/** Name of an event that tells the fence up to which TWS has answered everything. */
export const ANSWERED = 'answered';

/** Name of an event that says why a message could not be decoded. */
export const UNDECODED = 'undecoded';
