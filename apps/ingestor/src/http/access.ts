import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const COOKIE = 'autotrader_token';
/** Whoever starts and stops containers asks these, and knows no token. */
const OPEN_TO_ALL = /^\/health\//;

/**
 * Lets only those in who know the token: as `Authorization: Bearer TOKEN`; or, since a browser cannot send that for a page, once as
 * `/?token=TOKEN`, which is kept in a cookie that no script can read.
 */
export class Access {
  readonly #token: Buffer;

  constructor(token: string) {
    this.#token = hash(token);
  }

  /** Whether the request may be answered; if not, it has been answered. */
  admits(url: URL, request: IncomingMessage, response: ServerResponse): boolean {
    if (OPEN_TO_ALL.test(url.pathname)) return true;
    const given = url.searchParams.get('token');
    if (given !== null && this.#isToken(given)) {
      const cookie = `${COOKIE}=${encodeURIComponent(given)}; Path=/; HttpOnly; SameSite=Strict`;
      response.writeHead(303, { 'set-cookie': cookie, location: url.pathname }).end();
      return false;
    }
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if ([bearer, cookieOf(request)].some((each) => each !== undefined && this.#isToken(each))) return true;
    response.writeHead(401, { 'content-type': 'text/plain; charset=utf-8', 'www-authenticate': 'Bearer' });
    response.end('a token is wanted: Authorization: Bearer TOKEN, or /?token=TOKEN in a browser\n');
    return false;
  }

  /** In the same time whatever is given: hashes have one length. */
  #isToken(given: string): boolean {
    return timingSafeEqual(hash(given), this.#token);
  }
}

function cookieOf({ headers }: IncomingMessage): string | undefined {
  const value = new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(headers.cookie ?? '')?.[1];
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
