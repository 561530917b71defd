import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TransportError } from '../errors.js';
import { getBytes, type HttpRequest, retryAfterMs } from './get-bytes.js';
import { getJson } from './get-json.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function request(baseUrl: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const { signal } = new AbortController();
  return { venue: 'FAKE', title: 'Fake', baseUrl, path: '/a?key=1', signal, timeoutMs: 5_000, ...more };
}

describe('getJson', () => {
  it('gives status, headers and body of any answer, and sends the headers it is given', async () => {
    const asked: unknown[] = [];
    const url = await serve(({ url: path, headers }, response) => {
      asked.push([path, headers.authorization]);
      response.writeHead(429, { 'retry-after': '7' }).end('{"a":1}');
    });
    const answer = await getJson(request(url, { headers: { authorization: 'Bearer secret' } }));
    expect(answer).toMatchObject({ status: 429, body: { a: 1 } });
    expect(retryAfterMs(answer.headers, 60_000)).toBe(7_000);
    expect(retryAfterMs(answer.headers, 5_000)).toBe(5_000);
    expect(asked).toEqual([['/a?key=1', 'Bearer secret']]);
  });

  it('gives no body of what is not JSON, and takes credentials nowhere else', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/b' }).end('<html>'));
    const answer = await getJson(request(url));
    expect([answer.status, answer.body]).toEqual([302, undefined]);
    expect(retryAfterMs(new Headers({ 'retry-after': 'soon' }), 1)).toBeUndefined();
  });

  it('says in one line why there is no answer, without what is asked', async () => {
    const gone = await serve(() => undefined);
    servers.pop()?.close();
    const refused = getJson(request(gone));
    await expect(refused).rejects.toBeInstanceOf(TransportError);
    await expect(refused).rejects.toThrow(`Fake cannot be reached at ${gone} (ECONNREFUSED)`);
    const silent = await serve(() => undefined);
    await expect(getJson(request(silent, { timeoutMs: 20 }))).rejects.toThrow(
      `Fake cannot be reached at ${silent} (no answer in 0.02 s)`,
    );
    await expect(getJson(request(silent, { signal: AbortSignal.abort() }))).rejects.toThrow(
      'stopped before Fake was reached',
    );
  });
});

describe('getBytes', () => {
  it('gives the bytes as they came, and none of an empty answer', async () => {
    const url = await serve(({ url: path }, response) => {
      response.end(path === '/full' ? Buffer.from([0, 255, 10]) : undefined);
    });
    expect((await getBytes(request(url, { path: '/full' }))).bytes).toEqual(Buffer.from([0, 255, 10]));
    expect((await getBytes(request(url))).bytes).toHaveLength(0);
  });

  it('takes no answer that is shorter than announced, longer than it may be, or never ends', async () => {
    const url = await serve(({ url: path }, response) => {
      if (path === '/cut') {
        response.writeHead(200, { 'content-length': '100' });
        response.write('a', () => response.destroy());
      } else if (path === '/slow') response.write('a');
      else response.end('a'.repeat(101));
    });
    const at = `Fake cannot be reached at ${url}`;
    await expect(getBytes(request(url, { path: '/cut' }))).rejects.toThrow(at);
    await expect(getBytes(request(url, { path: '/slow', timeoutMs: 50 }))).rejects.toThrow(
      `${at} (no answer in 0.05 s)`,
    );
    await expect(getBytes(request(url, { path: '/long', mostBytes: 100 }))).rejects.toThrow(
      `${at} (an answer of more than 100 bytes)`,
    );
    expect((await getBytes(request(url, { path: '/long', mostBytes: 101 }))).bytes).toHaveLength(101);
  });
});
