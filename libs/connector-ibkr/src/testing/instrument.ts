/** An instrument the simulator has. */
export interface SimulatedInstrument {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: 'STK' | 'CASH' | 'CRYPTO' | 'FUT' | 'IND';
  readonly exchange: string;
  readonly primaryExch: string;
  readonly currency: string;
  readonly localSymbol: string;
  /** `202612` */
  readonly expiry?: string;
  readonly longName: string;
  readonly minTick: number;
  /** Where its price begins. */
  readonly price: number;
}

const stock = {
  secType: 'STK',
  exchange: 'SMART',
  primaryExch: 'NASDAQ',
  currency: 'USD',
  minTick: 0.01,
} as const;
const future = {
  secType: 'FUT',
  symbol: 'ES',
  exchange: 'CME',
  primaryExch: '',
  currency: 'USD',
  minTick: 0.25,
} as const;

/** What there is unless a test says otherwise; XYZ is there twice. */
export const INSTRUMENTS: readonly SimulatedInstrument[] = [
  { ...stock, conId: 265_598, symbol: 'AAPL', localSymbol: 'AAPL', longName: 'APPLE INC', price: 271.35 },
  { ...stock, conId: 272_093, symbol: 'MSFT', localSymbol: 'MSFT', longName: 'MICROSOFT CORP', price: 512.4 },
  { ...stock, conId: 900_001, symbol: 'XYZ', localSymbol: 'XYZ', longName: 'XYZ HOLDINGS', price: 10 },
  {
    ...stock,
    conId: 900_002,
    symbol: 'XYZ',
    localSymbol: 'XYZ',
    primaryExch: 'NYSE',
    longName: 'XYZ INC',
    price: 20,
  },
  {
    ...{
      conId: 12_087_792,
      symbol: 'EUR',
      secType: 'CASH',
      exchange: 'IDEALPRO',
      primaryExch: '',
      currency: 'USD',
    },
    ...{ localSymbol: 'EUR.USD', longName: 'European Monetary Union Euro', minTick: 0.00005, price: 1.0524 },
  },
  {
    ...{
      conId: 479_624_278,
      symbol: 'BTC',
      secType: 'CRYPTO',
      exchange: 'PAXOS',
      primaryExch: '',
      currency: 'USD',
    },
    ...{ localSymbol: 'BTC.USD', longName: 'Bitcoin cryptocurrency', minTick: 0.25, price: 84_215.25 },
  },
  {
    ...future,
    conId: 495_512_563,
    localSymbol: 'ESZ6',
    expiry: '202612',
    longName: 'E-mini S&P 500',
    price: 6_845.25,
  },
  {
    ...future,
    conId: 495_512_564,
    localSymbol: 'ESH7',
    expiry: '202703',
    longName: 'E-mini S&P 500',
    price: 6_901.5,
  },
  {
    ...{ conId: 416_904, symbol: 'SPX', secType: 'IND', exchange: 'CBOE', primaryExch: '', currency: 'USD' },
    ...{ localSymbol: 'SPX', longName: 'S&P 500 Stock Index', minTick: 0.01, price: 6_840.12 },
  },
];

/** The twelve fields by which a client names a contract. */
export interface AskedContract {
  readonly conId: string;
  readonly symbol: string;
  readonly secType: string;
  readonly expiry: string;
  readonly exchange: string;
  readonly primaryExch: string;
  readonly currency: string;
  readonly localSymbol: string;
}

/** Reads the twelve fields that begin there. */
export function contractAt(fields: readonly string[], at: number): AskedContract {
  const [
    conId = '',
    symbol = '',
    secType = '',
    expiry = '',
    ,
    ,
    ,
    exchange = '',
    primaryExch = '',
    currency = '',
    localSymbol = '',
  ] = fields.slice(at, at + 12);
  return { conId, symbol, secType, expiry, exchange, primaryExch, currency, localSymbol };
}

/** Whether an instrument is what was asked for: every field that is given must be so. */
export function isAsked(instrument: SimulatedInstrument, asked: AskedContract): boolean {
  if (asked.conId !== '' && asked.conId !== '0') return String(instrument.conId) === asked.conId;
  const given = [
    [asked.symbol, instrument.symbol],
    [asked.secType, instrument.secType],
    [asked.expiry, instrument.expiry ?? ''],
    [asked.exchange, instrument.exchange],
    [asked.primaryExch, instrument.primaryExch],
    [asked.currency, instrument.currency],
    [asked.localSymbol, instrument.localSymbol],
  ];
  return given.every(([wanted, has]) => wanted === '' || wanted === has);
}

/** The fields of CONTRACT_DATA at server version 193, behind the request's id. */
export function contractData(instrument: SimulatedInstrument): (string | number)[] {
  const {
    symbol,
    secType,
    expiry = '',
    exchange,
    currency,
    localSymbol,
    conId,
    minTick,
    longName,
    primaryExch,
  } = instrument;
  return [
    ...[
      symbol,
      secType,
      expiry,
      '',
      0,
      '',
      exchange,
      currency,
      localSymbol,
      symbol,
      symbol,
      conId,
      minTick,
      '',
    ],
    ...[
      'LMT,MKT',
      `${exchange},${primaryExch}`,
      1,
      0,
      longName,
      primaryExch,
      expiry,
      '',
      '',
      '',
      'US/Eastern',
    ],
    ...['', '', '', 0, 0, 1, '', '', '26', '', secType === 'STK' ? 'COMMON' : '', 0.0001, 0.0001, 100, 0],
  ];
}
