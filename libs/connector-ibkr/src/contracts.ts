import {
  type Instrument,
  oneLine,
  RejectedError,
  type ResolvedSymbols,
  type Transport,
  TransportError,
} from '@autotrader/connector-core';
import type { AssetClass } from '@autotrader/schemas';
import { type Contract, SecType } from '@stoqey/ib';
import type { Calls } from './calls.js';
import type { IbEvent } from './ib-event.js';
import { type ContractDetails, Details, VenueError } from './protocol.js';
import { VENUE } from './venue-name.js';

const ANSWER_WITHIN_MS = 10_000;
const NO_DEFINITION = 200;
const MOST_CANDIDATES = 5;

const ASSET_CLASSES: Readonly<Record<string, AssetClass>> = {
  ...{ STK: 'EQUITY', CASH: 'FOREX', CRYPTO: 'CRYPTO', IND: 'INDEX', CMDTY: 'COMMODITY' },
};

/** A contract that the venue knows, and how we name it. */
export interface QualifiedContract {
  readonly instrument: Instrument;
  readonly contract: Contract;
}

/** The contracts that were qualified, by the local symbol that events carry as `venueSymbol`. */
export class ContractBook {
  readonly #byLocalSymbol = new Map<string, QualifiedContract>();
  readonly #byName = new Map<string, QualifiedContract>();

  /** What was qualified by this name before. */
  named(name: string): QualifiedContract | undefined {
    return this.#byName.get(name);
  }

  add(name: string, qualified: QualifiedContract): void {
    this.#byName.set(name, qualified);
    this.#byLocalSymbol.set(qualified.instrument.venueSymbol, qualified);
  }

  /** @throws RangeError for an instrument that was not qualified. */
  of(venueSymbol: string): Contract {
    const qualified = this.#byLocalSymbol.get(venueSymbol);
    if (qualified === undefined) throw new RangeError(`${venueSymbol} was not qualified`);
    return qualified.contract;
  }
}

/**
 * What a symbol may mean, as the venue is asked. `AAPL` is a stock in US dollars, smart routed; of `EUR/USD` only the venue
 * knows whether it is a currency pair or a crypto one, so both are asked for. `EUR.USD`, a local symbol, alike.
 */
export function queriesOf(symbol: string, given: Readonly<Record<string, Contract>>): Contract[] {
  const contract = Object.hasOwn(given, symbol) ? given[symbol] : undefined;
  if (contract !== undefined) return [contract];
  const [base = '', quote] = symbol.split(/[/.]/, 2);
  if (quote === undefined || /^[A-Z]$/.test(quote))
    return [{ symbol: symbol.replace('.', ' '), secType: SecType.STK, exchange: 'SMART', currency: 'USD' }];
  const pair = { symbol: base, currency: quote };
  return [
    { ...pair, secType: SecType.CASH, exchange: 'IDEALPRO' },
    { ...pair, secType: SecType.CRYPTO, exchange: 'PAXOS' },
  ];
}

/**
 * Qualifies symbols by the venue's own contract details, and keeps them in the book.
 * @throws TransportError when TWS cannot be asked just now.
 */
export async function resolveContracts(
  transport: Transport<IbEvent, Calls>,
  symbols: readonly string[],
  given: Readonly<Record<string, Contract>>,
  book: ContractBook,
  signal: AbortSignal,
): Promise<ResolvedSymbols> {
  const names = [...new Set(symbols.map((symbol) => symbol.trim().toUpperCase()))];
  const unknown = names.filter((name) => book.named(name) === undefined);
  const queries = new Map(unknown.map((name) => [name, queriesOf(name, given)]));
  const found =
    unknown.length === 0
      ? new Map<Contract, ContractDetails[]>()
      : await askDetails(transport, [...queries.values()].flat(), signal);
  const rejected: { symbol: string; reason: string }[] = [];
  for (const [name, contracts] of queries) {
    const details = contracts.flatMap((contract) => found.get(contract) ?? []);
    const [only] = details;
    if (details.length === 1 && only !== undefined) book.add(name, qualify(only));
    else rejected.push({ symbol: name, reason: refusalOf(name, details) });
  }
  const instruments = names.flatMap((name) => book.named(name)?.instrument ?? []);
  return { instruments: [...new Set(instruments)], rejected };
}

function qualify({ contract, underSecType }: ContractDetails): QualifiedContract {
  const { conId, symbol, secType, exchange, currency, localSymbol } = contract;
  const isPair = secType === SecType.CASH || secType === SecType.CRYPTO;
  const canonical = isPair
    ? `${symbol}/${currency}`
    : secType === SecType.STK
      ? symbol.replace(' ', '.')
      : localSymbol;
  // A future is of what it is on; on what the venue does not say, of goods.
  const assetClass = ASSET_CLASSES[secType] ?? ASSET_CLASSES[underSecType ?? ''] ?? 'COMMODITY';
  return {
    instrument: { symbol: canonical, venueSymbol: localSymbol, assetClass },
    contract: { conId, symbol, secType, exchange, currency, localSymbol },
  };
}

function refusalOf(name: string, details: readonly ContractDetails[]): string {
  if (details.length === 0)
    return `Interactive Brokers has no contract ${oneLine(name)}: futures, indices and others are named by the option contracts`;
  const candidates = details.slice(0, MOST_CANDIDATES).map(({ contract, longName }) => {
    const { secType, localSymbol, primaryExch, exchange, currency, conId } = contract;
    return `${localSymbol} (${secType}, ${primaryExch === undefined || primaryExch === '' ? exchange : primaryExch}, ${currency}, ${longName ?? ''}, conId ${conId})`;
  });
  const more = details.length > MOST_CANDIDATES ? ` and ${details.length - MOST_CANDIDATES} more` : '';
  return `${oneLine(name)} is ambiguous at Interactive Brokers: ${candidates.join(', ')}${more}; name one by the option contracts`;
}

/** Asks on a connection of its own, which ends with the last answer. */
function askDetails(
  transport: Transport<IbEvent, Calls>,
  contracts: readonly Contract[],
  signal: AbortSignal,
): Promise<Map<Contract, ContractDetails[]>> {
  const found = new Map<Contract, ContractDetails[]>(contracts.map((contract) => [contract, []]));
  const open = new Map(contracts.map((contract, index) => [index + 1, contract]));
  return new Promise((resolve, reject) => {
    const end = (): void => wire.terminate();
    const timer = setTimeout(() => wire.terminate(), ANSWER_WITHIN_MS);
    const wire = transport.open(
      {
        onOpen: () => {
          for (const [id, contract] of open) wire.send({ calls: [['reqContractDetails', id, contract]] });
        },
        onFrame: (event) => {
          receiveDetails(event, open, found);
          if (open.size === 0) end();
        },
        onAlive: () => undefined,
        onClosed: (error) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          if (open.size === 0) resolve(found);
          else if (signal.aborted) reject(new TransportError(VENUE, 'stopped before TWS was reached'));
          else reject(error instanceof RejectedError ? error : new TransportError(VENUE, error.message));
        },
      },
      [],
      ANSWER_WITHIN_MS,
    );
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

function receiveDetails(
  { name, args }: IbEvent,
  open: Map<number, Contract>,
  found: ReadonlyMap<Contract, ContractDetails[]>,
): void {
  if (name === 'contractDetails') {
    const details = Details.safeParse(args);
    const contract = details.success ? open.get(details.data[0]) : undefined;
    if (details.success && contract !== undefined) found.get(contract)?.push(details.data[1]);
  } else if (name === 'contractDetailsEnd') open.delete(Number(args[0]));
  else if (name === 'error') {
    const error = VenueError.safeParse(args);
    if (error.success && error.data[1] === NO_DEFINITION) open.delete(error.data[2]);
  }
}
