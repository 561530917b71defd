export { OandaConnector, type OandaConnectorOptions } from './connector.js';
export { GRANULARITIES } from './granularities.js';
export { OANDA_HOSTS, type OandaEnvironment, type OandaHost } from './hosts.js';
export { type OandaStream } from './streams.js';
