export { type FaultProxy, type LinkFault, startFaultProxy } from './fault-proxy.js';
