/** The kinds of things that go wrong, as they stand in the `kind` label of `connector_errors_total`. */
export type ConnectorErrorKind = 'parse' | 'transport' | 'sequence_gap' | 'rate_limited' | 'rejected';

/** What every error of a connector has: which venue, which kind, and whether trying again can help. */
export class ConnectorError extends Error {
  constructor(
    readonly kind: ConnectorErrorKind,
    readonly venue: string,
    message: string,
    /** Decides everything: a retryable error is retried with backing off, any other stops what it concerns. */
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A frame that is not what the venue documents; it is in quarantine, the stream goes on. */
export class ParseError extends ConnectorError {
  constructor(
    venue: string,
    message: string,
    /** The frame's bytes as they came. */
    readonly frame: Uint8Array,
  ) {
    super('parse', venue, message, false);
  }
}

/** The connection could not be made, was lost, or fell silent. */
export class TransportError extends ConnectorError {
  constructor(venue: string, message: string, options?: ErrorOptions) {
    super('transport', venue, message, true, options);
  }
}

/** The venue asks for patience. */
export class RateLimitedError extends ConnectorError {
  constructor(
    venue: string,
    message: string,
    /** How long the venue asks us to wait, in milliseconds. */
    readonly retryAfterMs: number,
  ) {
    super('rate_limited', venue, message, true);
  }
}

/** The venue refuses for good: an unknown symbol, missing rights. Never retried. */
export class RejectedError extends ConnectorError {
  constructor(venue: string, message: string, options?: ErrorOptions) {
    super('rejected', venue, message, false, options);
  }
}
