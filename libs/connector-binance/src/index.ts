export { BinanceConnector, type BinanceConnectorOptions } from './connector.js';
export { BINANCE_HOSTS, type BinanceHost, type BinanceHostName } from './hosts.js';
export {
  BINANCE_STREAMS,
  type BinanceStream,
  KLINE_INTERVALS,
  type KlineInterval,
  streamOfWire,
  wireName,
} from './streams.js';
