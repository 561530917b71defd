import { firstIssue, type SessionOutlet, type Source, type Subscription } from '@autotrader/connector-core';
import { isExactDecimal, type Micros } from '@autotrader/schemas';
import type { z } from 'zod';
import {
  normalizeAggTrade,
  normalizeBookTicker,
  normalizeDepthUpdate,
  normalizeKline,
  normalizePartialDepth,
  normalizeTrade,
} from './normalize.js';
import {
  WireAggTrade,
  WireBookTicker,
  WireDepthUpdate,
  WireKline,
  WirePartialDepth,
  WireTrade,
} from './protocol.js';
import { klineInterval } from './streams.js';

/**
 * Checks a payload against what the venue documents for its stream and hands its event on.
 * @returns what is wrong with it, or `undefined` when nothing is.
 */
export type ReceivePayload = (
  payload: unknown,
  subscription: Subscription,
  receivedAt: Micros,
  outlet: SessionOutlet,
) => string | undefined;

/** What of a payload belongs to another stream than the one it came by; `undefined` when nothing does. */
type Mismatch<Wire> = (wire: Wire, source: Source) => string | undefined;
/** The texts of a payload that are decimals. */
type Decimals<Wire> = (wire: Wire) => readonly string[];

function payload<Wire>(
  schema: z.ZodType<Wire>,
  mismatch: Mismatch<Wire>,
  decimals: Decimals<Wire>,
  emit: (wire: Wire, subscription: Subscription, receivedAt: Micros, outlet: SessionOutlet) => void,
): ReceivePayload {
  return (value, subscription, receivedAt, outlet) => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) return firstIssue(parsed.error);
    const wrong = mismatch(parsed.data, subscription.source);
    if (wrong !== undefined) return wrong;
    const inexact = decimals(parsed.data).find((text) => !isExactDecimal(text));
    if (inexact !== undefined) outlet.precisionLost(subscription, inexact);
    emit(parsed.data, subscription, receivedAt, outlet);
    return undefined;
  };
}

const otherSymbol: Mismatch<{ readonly s: string }> = ({ s }, { venueSymbol }) =>
  s === venueSymbol ? undefined : `symbol ${s} on another's stream`;

const PAYLOADS: Readonly<Record<string, ReceivePayload>> = {
  trade: payload(
    WireTrade,
    otherSymbol,
    ({ p, q }) => [p, q],
    (wire, to, receivedAt, outlet) => outlet.tick(to, normalizeTrade(wire, to.source, receivedAt)),
  ),
  aggTrade: payload(
    WireAggTrade,
    otherSymbol,
    ({ p, q }) => [p, q],
    (wire, to, receivedAt, outlet) => outlet.tick(to, normalizeAggTrade(wire, to.source, receivedAt)),
  ),
  bookTicker: payload(
    WireBookTicker,
    otherSymbol,
    ({ b, B, a, A }) => [b, B, a, A],
    (wire, to, receivedAt, outlet) => outlet.tick(to, normalizeBookTicker(wire, to.source, receivedAt)),
  ),
  depth20: payload(
    WirePartialDepth,
    () => undefined,
    ({ bids, asks }) => [bids, asks].flat(2),
    (wire, to, receivedAt, outlet) => outlet.depth(to, normalizePartialDepth(wire, to.source, receivedAt)),
  ),
  depth: payload(
    WireDepthUpdate,
    otherSymbol,
    ({ b, a }) => [b, a].flat(2),
    (wire, to, receivedAt, outlet) => outlet.depth(to, normalizeDepthUpdate(wire, to.source, receivedAt)),
  ),
};

const KLINE = payload(
  WireKline,
  ({ s, k }, source) => {
    if (k.i !== klineInterval(source.stream)) return `interval ${k.i} on another's stream`;
    return otherSymbol({ s }, source) ?? otherSymbol(k, source);
  },
  ({ k }) => [k.o, k.h, k.l, k.c, k.v],
  (wire, to, receivedAt, outlet) => outlet.bar(to, normalizeKline(wire, to.source, receivedAt)),
);

/** How the payloads of a stream are received. */
export function payloadOf(stream: string): ReceivePayload {
  return PAYLOADS[stream] ?? KLINE;
}
