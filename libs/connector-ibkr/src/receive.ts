import { firstIssue, type SessionOutlet } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import type { z } from 'zod';
import type { Calls } from './calls.js';
import { fiveSecondBar, ladderDepth, midTick, quoteTick, type TickTimes, tradeTick } from './normalize.js';
import {
  DataType,
  DepthChange,
  DepthChangeL2,
  RealTimeBar,
  TickByTickMid,
  TickByTickQuote,
  TickByTickTrade,
  TickPrice,
  TickSize,
  TickString,
} from './protocol.js';
import type { StreamRequest } from './stream-request.js';

const SECOND = 1_000_000;
const DELAYED_TYPES = 3;
/** Tick types from here to 88 are the delayed ones. */
const FIRST_DELAYED = 66;

/**
 * Checks what the library hands on about a request and hands the event of it on.
 * @returns what is wrong with it, or `undefined` when nothing is.
 */
type Receive = (
  args: readonly unknown[],
  request: StreamRequest,
  receivedAt: Micros,
  outlet: SessionOutlet<Calls>,
) => string | undefined;

function receive<Args>(
  schema: z.ZodType<Args>,
  take: (args: Args, request: StreamRequest, receivedAt: Micros, outlet: SessionOutlet<Calls>) => unknown,
): Receive {
  return (args, request, receivedAt, outlet) => {
    const checked = schema.safeParse(args);
    if (!checked.success) return firstIssue(checked.error);
    // What it gives back is what is wrong with it, if it is text.
    const wrong = take(checked.data, request, receivedAt, outlet);
    return typeof wrong === 'string' ? wrong : undefined;
  };
}

/** What a request is answered with, by the library's name for it. */
export const RECEIVE: Readonly<Record<string, Receive>> = {
  tickByTickAllLast: receive(
    TickByTickTrade,
    (
      [, , seconds, price, size, attributes, exchange, conditions],
      { subscription, contentIds },
      receivedAt,
      outlet,
    ) => {
      const timestamp = seconds * SECOND;
      const flags =
        (attributes?.pastLimit === true ? 'p' : '') + (attributes?.unreported === true ? 'u' : '');
      const contentId = contentIds.next(timestamp, [price, size], [exchange, conditions, flags]);
      outlet.tick(
        subscription,
        tradeTick(subscription.source, { timestamp, receivedAt, contentId }, price, size),
      );
    },
  ),
  tickByTickBidAsk: receive(
    TickByTickQuote,
    ([, seconds, bid, ask, bidSize, askSize], { subscription, contentIds }, receivedAt, outlet) => {
      const timestamp = seconds * SECOND;
      const contentId = contentIds.next(timestamp, [bid, ask, bidSize, askSize], []);
      const quote = { bid, ask, bidSize, askSize };
      outlet.tick(subscription, quoteTick(subscription.source, { timestamp, receivedAt, contentId }, quote));
    },
  ),
  tickByTickMidPoint: receive(
    TickByTickMid,
    ([, seconds, price], { subscription, contentIds }, receivedAt, outlet) => {
      const timestamp = seconds * SECOND;
      const contentId = contentIds.next(timestamp, [price], []);
      outlet.tick(subscription, midTick(subscription.source, { timestamp, receivedAt, contentId }, price));
    },
  ),
  realtimeBar: receive(
    RealTimeBar,
    (
      [, seconds, open, high, low, close, volume, vwap, trades],
      { subscription, isOfMids },
      receivedAt,
      outlet,
    ) => {
      const bar = { seconds, open, high, low, close, volume, vwap, trades };
      outlet.bar(subscription, fiveSecondBar(subscription.source, receivedAt, bar, isOfMids));
    },
  ),
  updateMktDepth: receive(
    DepthChange,
    ([, position, operation, side, price, size], request, receivedAt, outlet) =>
      changeLadder(request, receivedAt, outlet, { position, operation, side, price, size }),
  ),
  updateMktDepthL2: receive(
    DepthChangeL2,
    ([, position, , operation, side, price, size], request, receivedAt, outlet) =>
      changeLadder(request, receivedAt, outlet, { position, operation, side, price, size }),
  ),
  tickPrice: receive(TickPrice, ([, type, price], request, receivedAt, outlet) => {
    if (type >= FIRST_DELAYED) request.isDelayed = true;
    changeBoard(request, receivedAt, outlet, type, price);
  }),
  tickSize: receive(TickSize, ([, type, size], request, receivedAt, outlet) =>
    changeBoard(request, receivedAt, outlet, type, size),
  ),
  tickString: receive(TickString, ([, type, text], { board }) => board.setText(type, text)),
  marketDataType: receive(DataType, ([, type], request) => {
    request.isDelayed = type >= DELAYED_TYPES;
  }),
  tickReqParams: () => undefined,
  tickGeneric: () => undefined,
};

interface LadderChange {
  readonly position: number;
  readonly operation: 0 | 1 | 2;
  readonly side: 0 | 1;
  readonly price: number;
  readonly size: number;
}

function changeLadder(
  { subscription, bids, asks }: StreamRequest,
  receivedAt: Micros,
  outlet: SessionOutlet<Calls>,
  { position, operation, side, price, size }: LadderChange,
): string | undefined {
  const ladder = side === 1 ? bids : asks;
  if (!ladder.apply(operation, position, { price, size }))
    return `position ${position} of a ladder of ${ladder.levels.length}`;
  outlet.depth(subscription, ladderDepth(subscription.source, receivedAt, bids.levels, asks.levels));
  return undefined;
}

/** A trade has the time the venue tells of it when it is late; a quote, and a trade just now, that of their receipt. */
function changeBoard(
  { subscription, board, isDelayed }: StreamRequest,
  receivedAt: Micros,
  outlet: SessionOutlet<Calls>,
  type: number,
  value: number,
): void {
  const change = board.set(type, value);
  if (change === undefined) return;
  const { source } = subscription;
  const times: TickTimes = { timestamp: receivedAt, receivedAt, isDelayed };
  const { trade, quote } = change;
  if (trade !== undefined && takesTrades(source.stream)) {
    const timestamp = isDelayed ? (board.lastTime ?? receivedAt) : receivedAt;
    outlet.tick(subscription, tradeTick(source, { ...times, timestamp }, trade.price, trade.size));
  }
  if (quote === undefined) return;
  if (source.stream === 'BidAsk' || source.stream === 'marketData')
    outlet.tick(subscription, quoteTick(source, times, quote));
  else if (source.stream === 'MidPoint')
    outlet.tick(subscription, midTick(source, times, (quote.bid + quote.ask) / 2));
}

function takesTrades(stream: string): boolean {
  return stream === 'Last' || stream === 'AllLast' || stream === 'marketData';
}
