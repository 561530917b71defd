import { microsFromEpoch } from '@autotrader/schemas';

type StreamKind = 'trade' | 'aggTrade' | 'bookTicker' | 'partialDepth' | 'depth' | 'kline' | 'other';

/** The member that holds the id, as the venue writes it: without spaces. */
const ID_MEMBERS: Readonly<Record<StreamKind, string | undefined>> = {
  trade: '"t":',
  aggTrade: '"a":',
  bookTicker: '"u":',
  partialDepth: '"lastUpdateId":',
  depth: '"u":',
  kline: '"k":{"t":',
  other: undefined,
};

const ZERO = 48;

/** What kind of payload a stream carries, by its name. */
export function streamKind(stream: string): StreamKind {
  const name = stream.slice(stream.indexOf('@') + 1);
  if (name === 'trade' || name === 'aggTrade' || name === 'bookTicker') return name;
  if (/^depth(5|10|20)(@100ms)?$/.test(name)) return 'partialDepth';
  if (/^depth(@100ms)?$/.test(name)) return 'depth';
  return name.startsWith('kline_') ? 'kline' : 'other';
}

/** The symbol in a stream's name, in capitals. */
export function symbolOfStream(stream: string): string {
  return stream.slice(0, stream.indexOf('@')).toUpperCase();
}

/**
 * Reads the id of a message without parsing it: trade `t`, aggTrade `a`, bookTicker and depth `u`, partial depth
 * `lastUpdateId`, kline its open time in microseconds. Undefined when there is none.
 */
export function eventIdOf(kind: StreamKind, text: string): number | undefined {
  const member = ID_MEMBERS[kind];
  const at = member === undefined ? -1 : text.indexOf(member);
  if (member === undefined || at < 0) return undefined;
  const id = wholeNumberAt(text, at + member.length);
  if (id === undefined || !Number.isSafeInteger(id)) return undefined;
  return kind === 'kline' ? microsFromEpoch(id) : id;
}

function wholeNumberAt(text: string, from: number): number | undefined {
  let value = 0;
  let index = from;
  for (; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return index === from ? undefined : value;
}
