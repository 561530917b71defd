/** An instrument the simulator has. */
export interface SimulatedInstrument {
  /** `EUR_USD` */
  readonly name: string;
  readonly type: 'CURRENCY' | 'CFD' | 'METAL';
  /** Of a CFD, what it is on: `INDEX`, `COMMODITY`. */
  readonly tag?: string;
  /** Where its price begins. */
  readonly price: number;
  /** Decimals of its prices. */
  readonly decimals: number;
}

/** What there is unless a test says otherwise. */
export const INSTRUMENTS: readonly SimulatedInstrument[] = [
  { name: 'EUR_USD', type: 'CURRENCY', price: 1.05231, decimals: 5 },
  { name: 'USD_JPY', type: 'CURRENCY', price: 154.321, decimals: 3 },
  { name: 'GBP_USD', type: 'CURRENCY', price: 1.25345, decimals: 5 },
  { name: 'XAU_USD', type: 'METAL', price: 2654.123, decimals: 3 },
  { name: 'DE30_EUR', type: 'CFD', tag: 'INDEX', price: 19_243.4, decimals: 1 },
  { name: 'BCO_USD', type: 'CFD', tag: 'COMMODITY', price: 73.123, decimals: 3 },
];

/** What `GET /v3/accounts/{id}/instruments` says of it. */
export function describeInstrument({ name, type, tag, decimals }: SimulatedInstrument): object {
  return {
    ...{ name, type, displayName: name.replace('_', '/'), pipLocation: -4, displayPrecision: decimals },
    ...{
      tradeUnitsPrecision: 0,
      minimumTradeSize: '1',
      maximumOrderUnits: '100000000',
      marginRate: '0.0333',
    },
    tags: [{ type: 'ASSET_CLASS', name: tag ?? type }],
  };
}
