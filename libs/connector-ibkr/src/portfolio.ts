import { setTimeout as delay } from 'node:timers/promises';
import { firstIssue, type Transport, TransportError, type Wire } from '@autotrader/connector-core';
import { z } from 'zod';
import type { Call, Calls } from './calls.js';
import type { IbEvent } from './ib-event.js';
import { VENUE } from './venue-name.js';

const contract = z
  .object({
    conId: z.int(),
    symbol: z.string(),
    secType: z.string(),
    currency: z.string(),
    localSymbol: z.string().optional(),
  })
  .readonly();

/** What an account holds of one contract; size in units of it, negative when it is short. */
export const IbkrPosition = z
  .object({ account: z.string(), contract, size: z.number(), averageCost: z.number() })
  .readonly();
/** What an account holds of one contract; size in units of it, negative when it is short. */
export type IbkrPosition = z.infer<typeof IbkrPosition>;

/** A change of an account: one of its values, a holding as it is valued, or the time of both as the venue tells it. */
export const IbkrAccountUpdate = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('value'),
      account: z.string(),
      key: z.string(),
      value: z.string(),
      currency: z.string(),
    })
    .readonly(),
  z
    .object({
      type: z.literal('holding'),
      account: z.string(),
      contract,
      size: z.number(),
      marketPrice: z.number(),
      marketValue: z.number(),
      averageCost: z.number(),
      unrealizedPnl: z.number(),
      realizedPnl: z.number(),
    })
    .readonly(),
  z.object({ type: z.literal('time'), time: z.string() }).readonly(),
]);
/** A change of an account; see the schema of the same name. */
export type IbkrAccountUpdate = z.infer<typeof IbkrAccountUpdate>;

/** An account for people: `DU***67`. */
export function maskedAccount(account: string): string {
  return account.replace(/^([A-Z]*).*?(.{0,2})$/, '$1***$2');
}

/** What is asked for, and how an answer is read: `undefined` for what is no part of it. */
export interface PortfolioQuestion<Value> {
  readonly ask: Call;
  readonly schema: z.ZodType<Value>;
  read(event: IbEvent): unknown;
}

/** Every position of every account, and then each change of one. */
export const POSITIONS: PortfolioQuestion<IbkrPosition> = {
  ask: ['reqPositions'],
  schema: IbkrPosition,
  read: ({ name, args: [account, held, size, averageCost] }) =>
    name === 'position' ? { account, contract: held, size, averageCost } : undefined,
};

/** The values and holdings of one account, and then each change of them. */
export function accountUpdatesOf(account: string): PortfolioQuestion<IbkrAccountUpdate> {
  return {
    ask: ['reqAccountUpdates', true, account],
    schema: IbkrAccountUpdate,
    read: ({ name, args }) => {
      if (name === 'updateAccountValue') {
        const [key, value, currency, of] = args;
        return { type: 'value', key, value, currency: currency ?? '', account: of };
      }
      if (name === 'updateAccountTime') return { type: 'time', time: args[0] };
      if (name !== 'updatePortfolio') return undefined;
      const [held, size, marketPrice, marketValue, averageCost, unrealizedPnl, realizedPnl, of] = args;
      const money = { marketPrice, marketValue, averageCost, unrealizedPnl, realizedPnl };
      return { type: 'holding', account: of, contract: held, size, ...money };
    },
  };
}

/** How long until a lost connection is made anew, and who hears of what is wrong. */
export interface PortfolioOptions {
  readonly retryMs: number;
  readonly onError: (error: TransportError) => void;
}

const MOST_WAITING = 10_000;
const OPEN_WITHIN_MS = 10_000;

/**
 * What TWS answers to a question, on a connection of its own, for as long as somebody reads: asked anew after a loss, when
 * everything is told again.
 * @throws RejectedError when TWS cannot be talked to.
 */
export async function* portfolio<Value>(
  transport: Transport<IbEvent, Calls>,
  question: PortfolioQuestion<Value>,
  signal: AbortSignal,
  { retryMs, onError }: PortfolioOptions,
): AsyncGenerator<Value, void, undefined> {
  while (!signal.aborted) {
    try {
      yield* answers(transport, question, signal, onError);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      onError(error);
    }
    await delay(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

async function* answers<Value>(
  transport: Transport<IbEvent, Calls>,
  question: PortfolioQuestion<Value>,
  signal: AbortSignal,
  onError: (error: TransportError) => void,
): AsyncGenerator<Value, void, undefined> {
  const waiting: Value[] = [];
  let wake: () => void = () => undefined;
  let ended: Error | undefined;
  const wire: Wire<Calls> = transport.open(
    {
      onOpen: () => wire.send({ calls: [question.ask] }),
      onFrame: (event) => {
        const value = question.read(event);
        if (value === undefined) return;
        const checked = question.schema.safeParse(value);
        if (checked.success) waiting.push(checked.data);
        else
          onError(
            new TransportError(
              VENUE,
              `TWS told something of an account that it does not document: ${firstIssue(checked.error)}`,
            ),
          );
        if (waiting.length > MOST_WAITING) wire.pause();
        wake();
      },
      onAlive: () => undefined,
      onClosed: (error) => {
        ended = error;
        wake();
      },
    },
    [],
    OPEN_WITHIN_MS,
  );
  const end = (): void => wire.terminate();
  signal.addEventListener('abort', end, { once: true });
  try {
    while (ended === undefined || waiting.length > 0) {
      if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      yield* waiting.splice(0);
      if (wire.isPaused) wire.resume();
    }
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
  if (!signal.aborted) throw ended;
}
