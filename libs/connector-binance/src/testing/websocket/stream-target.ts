import { type TimeUnit, timeUnitOf } from '../time-unit.js';

/** What a WebSocket URL asks for. */
export interface StreamTarget {
  readonly isCombined: boolean;
  readonly streams: readonly string[];
  readonly unit: TimeUnit;
}

/**
 * Reads `/ws`, `/ws/<a>/<b>`, `/stream` and `/stream?streams=a/b`, with `timeUnit`; percent-encoded or not.
 * Undefined when the venue knows no such path, or the time unit is none.
 */
export function streamTargetOf(url: string): StreamTarget | undefined {
  const { pathname, searchParams } = new URL(url, 'ws://simulator');
  const unit = timeUnitOf(searchParams.get('timeUnit'));
  if (unit === undefined) return undefined;
  if (pathname === '/stream' || pathname === '/stream/')
    return { isCombined: true, streams: namesIn(searchParams.get('streams') ?? ''), unit };
  if (pathname !== '/ws' && !pathname.startsWith('/ws/')) return undefined;
  return { isCombined: false, streams: namesIn(decodeURIComponent(pathname.slice('/ws'.length))), unit };
}

function namesIn(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}
