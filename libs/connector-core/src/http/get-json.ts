import { getBytes, type HttpRequest } from './get-bytes.js';

/** What came back, whatever its status. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** `undefined` when it is not JSON. */
  readonly body: unknown;
}

/**
 * Asks by GET and reads the whole answer as JSON.
 * @throws TransportError as {@link getBytes}.
 */
export async function getJson(request: HttpRequest): Promise<RestAnswer> {
  const { status, headers, bytes } = await getBytes(request);
  return { status, headers, body: parseJson(bytes.toString('utf8')) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
