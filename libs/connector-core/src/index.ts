export {
  type BarBatch,
  type Batch,
  type DepthBatch,
  type GapBatch,
  type QuarantineBatch,
  type TickBatch,
} from './batch/batch.js';
export { type DepthColumns, DepthColumnWriter, type LevelColumns } from './batch/depth-columns.js';
export { eventsOf } from './batch/events.js';
export {
  SIDES,
  TICK_CONDITIONS,
  TICK_KINDS,
  type TickColumns,
  TickColumnWriter,
} from './batch/tick-columns.js';
export { type Clock, systemClock } from './clock.js';
export { MarketDataConnector } from './connector/connector.js';
export { type ConnectorEvents, type ConnectorStatus } from './connector/events.js';
export { type ConnectorOptions } from './connector/options.js';
export { type ConnectorSnapshot, type StreamSnapshot } from './connector/snapshot.js';
export {
  ConnectorError,
  type ConnectorErrorKind,
  ParseError,
  RateLimitedError,
  RejectedError,
  TransportError,
} from './errors.js';
export { type BarHistory, type BarHistoryRequest } from './history.js';
export { baseUrl } from './http/base-url.js';
export { DownloadCache, type DownloadCacheOptions, type Downloads } from './http/download-cache.js';
export { getBytes, type HttpAnswer, type HttpRequest, retryAfterMs } from './http/get-bytes.js';
export { getJson, type RestAnswer } from './http/get-json.js';
export { RequestPace, type RequestPaceOptions } from './http/request-pace.js';
export { retried, type RetryOptions } from './http/retried.js';
export { LATENCY_BUCKETS, type LatencyHistogram } from './metrics/latency-histogram.js';
export { firstIssue } from './parse/first-issue.js';
export { type JsonFrame, parseJsonFrame } from './parse/json-frame.js';
export { nearestNames } from './parse/nearest-names.js';
export { oneLine } from './parse/one-line.js';
export { type QuarantinedFrame } from './quarantine.js';
export { type KeptFrame, type RereadResult } from './session/kept-frames.js';
export { type Session, type SessionOutlet } from './session/session.js';
export {
  type StreamPosition,
  type StreamRule,
  type Subscription,
  type SubscriptionState,
} from './session/subscription.js';
export { type Instrument, type Source } from './source.js';
export { plainError } from './transport/end-reason.js';
export { type Transport, type Wire, type WireListener } from './transport/transport.js';
export { webSocketTransport } from './transport/web-socket.js';
export { type ResolvedSymbols, type Venue, type VenueLimits } from './venue.js';
