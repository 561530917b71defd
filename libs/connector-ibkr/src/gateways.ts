/** The ports that TWS and IB Gateway listen on unless their settings say otherwise. */
export const IBKR_GATEWAYS = {
  /** Trader Workstation, live account. */
  'tws-live': 7496,
  /** Trader Workstation, paper account. */
  'tws-paper': 7497,
  /** IB Gateway, live account. */
  'gateway-live': 4001,
  /** IB Gateway, paper account. */
  'gateway-paper': 4002,
} as const;

/** Name of one of {@link IBKR_GATEWAYS}. */
export type IbkrGateway = keyof typeof IBKR_GATEWAYS;

/**
 * The port of a gateway, or the one given in its place.
 * @throws RangeError when there is no such gateway, or the port is none.
 */
export function portOf(gateway: IbkrGateway, given: number | undefined): number {
  if (!Object.hasOwn(IBKR_GATEWAYS, gateway)) {
    const names = Object.keys(IBKR_GATEWAYS).join(', ');
    throw new RangeError(`there is no gateway "${gateway}": it is one of ${names}`);
  }
  const port = given ?? IBKR_GATEWAYS[gateway];
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new RangeError(`port is ${port}: a whole number from 1 to 65535 is wanted`);
}
