import { TransportError } from '../errors.js';
import { oneLine } from '../parse/one-line.js';

/** How a venue's REST API is asked. */
export interface RestRequest {
  /** In capitals, as it stands in errors. */
  readonly venue: string;
  /** As people write it: `Binance`. */
  readonly title: string;
  /** Address without a path; it is shown to people, so no secret belongs into it. */
  readonly baseUrl: string;
  /** Path and query; not shown. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the request when the caller has lost interest. */
  readonly signal: AbortSignal;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** What came back, whatever its status. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** `undefined` when it is not JSON. */
  readonly body: unknown;
}

/**
 * Asks by GET and reads the whole answer; redirects are not followed, since they would take credentials along.
 * @throws TransportError when there is no answer: one line with the reason.
 */
export async function getJson(request: RestRequest): Promise<RestAnswer> {
  const { venue, title, baseUrl, path, headers = {}, signal, timeoutMs } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(baseUrl + path, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: parseJson(await response.text()),
    };
  } catch (error) {
    if (signal.aborted) throw new TransportError(venue, `stopped before ${title} was reached`);
    const cause = timeout.aborted ? `no answer in ${timeoutMs / 1000} s` : oneLine(causeOf(error));
    throw new TransportError(venue, `${title} cannot be reached at ${baseUrl} (${cause})`, { cause: error });
  }
}

/** Seconds of a `Retry-After` header in milliseconds, no more than `mostMs`; `undefined` where it tells none. */
export function retryAfterMs(headers: Headers, mostMs: number): number | undefined {
  const said = headers.get('retry-after') ?? '';
  return /^[0-9]+$/.test(said) ? Math.min(Number(said) * 1000, mostMs) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

interface Failure {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/**
 * What a failed fetch hides in its cause: the system's code (`ENOTFOUND`, `ECONNREFUSED`), or one for each address
 * the name stands for. By what the errors hold and not by their class, since spreading or another realm loses that.
 */
function causeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, message, cause, errors = [] } = error as Failure;
  if (cause !== undefined) return causeOf(cause);
  if (errors.length > 0) return [...new Set(errors.map(causeOf))].join(', ');
  return typeof code === 'string' ? code : String(message);
}
