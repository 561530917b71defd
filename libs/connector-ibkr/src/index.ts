export { IbkrConnector, type IbkrConnectorOptions } from './connector.js';
export { IBKR_GATEWAYS, type IbkrGateway } from './gateways.js';
export { HistoricalPacing, type HistoricalRequest, type PacingClock } from './historical-pacing.js';
export { IbkrAccountUpdate, IbkrPosition, maskedAccount } from './portfolio.js';
export { type IbkrMarketDataType } from './session.js';
export { IBKR_STREAMS, type IbkrStream } from './streams.js';
