import type { Depth, Gap, OHLCV, Tick } from '@autotrader/schemas';
import type { ConnectorError } from '../errors.js';
import type { Source } from '../source.js';

/** Something a person running a connector may want to know. */
export type ConnectorStatus =
  /** A connection is being opened. */
  | { readonly type: 'connecting'; readonly url: string }
  /** Every stream asked for so far has been agreed to by the venue. */
  | { readonly type: 'live'; readonly streams: number }
  /** A connection ended; `retryInMs` until the next try. */
  | {
      readonly type: 'reconnecting';
      readonly reason: string;
      readonly retryInMs: number;
      readonly tries: number;
    }
  /** The connection stands, but these streams are cut off behind the venue's side of it, until `live` is said again. */
  | { readonly type: 'interrupted'; readonly reason: string; readonly streams: number }
  /** The venue gives less than was asked for (delayed data, a slower feed). */
  | { readonly type: 'degraded'; readonly source: Source; readonly reason: string }
  /** A connection is being replaced while it still runs. */
  | { readonly type: 'rollover'; readonly reason: string }
  /** A stream is subscribed and silent for longer than it should be. */
  | { readonly type: 'stale'; readonly source: Source; readonly silentForMs: number }
  /** A stale stream has spoken again. */
  | { readonly type: 'recovered'; readonly source: Source }
  /** A price or size had more than 15 significant digits; said once a stream, counted always. */
  | { readonly type: 'precision_loss'; readonly source: Source; readonly text: string }
  /** The consumer of the batches is behind, so nothing is read from the venue (or is read again). */
  | { readonly type: 'back_pressure'; readonly isPaused: boolean }
  /** Everything is flushed and closed. */
  | { readonly type: 'stopped' };

/** What a connector tells its user, by name. */
export interface ConnectorEvents {
  tick: Tick;
  depth: Depth;
  bar: OHLCV;
  gap: Gap;
  status: ConnectorStatus;
  error: ConnectorError;
}
