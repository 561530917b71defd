import type { SessionOutlet } from '../session/session.js';
import type { Subscription } from '../session/subscription.js';

/** The session's outlet as far as the connection itself has no part in it. */
export interface EventOutlet extends Pick<
  SessionOutlet,
  | 'tick'
  | 'depth'
  | 'bar'
  | 'quarantine'
  | 'precisionLost'
  | 'acknowledged'
  | 'rejected'
  | 'interrupted'
  | 'degraded'
> {
  /** The venue owes an answer to these while it answers others; they are asked for again. */
  unanswered(subscriptions: readonly Subscription[]): void;
}
