/** An error as the venue answers a control message. */
export interface ControlFault {
  readonly code: number;
  readonly msg: string;
}

/** Faults of the answers to control messages. */
export class ControlFaults {
  /** Requests are swallowed: not carried out, not answered. */
  isNeverAnswering = false;
  /** Requests are carried out at once and answered so much later: data comes before its ack. */
  answerDelayMs = 0;
  /** Answers to the next SUBSCRIBEs, which are not carried out. */
  readonly subscribeErrors: ControlFault[] = [];
}
