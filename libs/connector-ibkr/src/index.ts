export { IbkrConnector, type IbkrConnectorOptions } from './connector.js';
export { IBKR_GATEWAYS, type IbkrGateway } from './gateways.js';
export { type IbkrMarketDataType } from './session.js';
export { IBKR_STREAMS, type IbkrStream } from './streams.js';
