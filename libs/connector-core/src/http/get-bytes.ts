import { TransportError } from '../errors.js';
import { oneLine } from '../parse/one-line.js';

/** How a venue is asked over HTTP. */
export interface HttpRequest {
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
  /** An answer with more bytes than that is none; 64 MiB by default. */
  readonly mostBytes?: number;
}

/** What came back, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The whole body: a shorter one than announced is an error. */
  readonly bytes: Buffer;
}

const MOST_BYTES = 64 * 2 ** 20;

/**
 * Asks by GET and reads the whole answer; redirects are not followed, since they would take credentials along.
 * @throws TransportError when there is no whole answer: one line with the reason.
 */
export async function getBytes(request: HttpRequest): Promise<HttpAnswer> {
  const { venue, title, baseUrl, path, headers = {}, signal, timeoutMs, mostBytes = MOST_BYTES } = request;
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
      bytes: await bodyOf(response, mostBytes),
    };
  } catch (error) {
    if (signal.aborted) throw new TransportError(venue, `stopped before ${title} was reached`);
    const cause = timeout.aborted ? `no answer in ${timeoutMs / 1000} s` : oneLine(causeOf(error));
    throw new TransportError(venue, `${title} cannot be reached at ${baseUrl} (${cause})`, { cause: error });
  }
}

async function bodyOf(response: Response, mostBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > mostBytes) throw new Error(`an answer of more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Seconds of a `Retry-After` header in milliseconds, no more than `mostMs`; `undefined` where it tells none. */
export function retryAfterMs(headers: Headers, mostMs: number): number | undefined {
  const said = headers.get('retry-after') ?? '';
  return /^[0-9]+$/.test(said) ? Math.min(Number(said) * 1000, mostMs) : undefined;
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
