import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import { Scratch } from '@autotrader/runtime/testing';
import { Access } from './access.js';
import { healthRoutes, metricsRoute } from './health.js';
import { type Routes, serveHttp } from './server.js';

const scratch = new Scratch();
afterEach(() => scratch.clean());

const HERE = { host: '127.0.0.1', port: 0 };

function routes(notReady: () => readonly string[] = () => [], registry = new Registry()): Routes {
  return new Map([...metricsRoute(registry), ...healthRoutes(notReady)]);
}

async function endpoint(
  notReady?: () => readonly string[],
  registry?: Registry,
  access?: Access,
): Promise<string> {
  const { url, close } = await serveHttp({ ...HERE, access }, routes(notReady, registry));
  scratch.defer(close);
  return url;
}

describe('the HTTP endpoint', () => {
  it('serves the registry in the text form of Prometheus', async () => {
    const registry = new Registry();
    new Counter({ name: 'things_total', help: 'Things', registers: [registry] }).inc(3);
    const response = await fetch(`${await endpoint(undefined, registry)}/metrics?x=1`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe(
      '# HELP things_total Things\n# TYPE things_total counter\nthings_total 3\n',
    );
  });

  it('is live as soon as it answers', async () => {
    const response = await fetch(`${await endpoint(() => ['nothing is there'])}/health/live`);
    expect([response.status, await response.text()]).toEqual([200, 'live\n']);
  });

  it('is not ready, with the reasons, until there is none', async () => {
    let reasons = ['A is not connected', 'B is not connected'];
    const url = `${await endpoint(() => reasons)}/health/ready`;
    const before = await fetch(url);
    expect([before.status, await before.text()]).toEqual([503, 'A is not connected\nB is not connected\n']);
    reasons = [];
    const after = await fetch(url);
    expect([after.status, await after.text()]).toEqual([200, 'ready\n']);
  });

  it.each(['/x', '/metric', '/metrics/', '/health'])('says of %s what there is instead', async (path) => {
    const response = await fetch((await endpoint()) + path);
    expect([response.status, await response.text()]).toEqual([
      404,
      'here are /, /metrics, /health/live and /health/ready\n',
    ]);
  });

  it('says that // is no path', async () => {
    expect((await fetch(`${await endpoint()}//`)).status).toBe(400);
  });

  it.each(['POST', 'DELETE', 'PUT'])('answers %s with 405 and what is allowed', async (method) => {
    const response = await fetch(`${await endpoint()}/metrics`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('answers HEAD without a body', async () => {
    const response = await fetch(`${await endpoint()}/health/live`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('says 500 when the metrics cannot be read, and lives on', async () => {
    const registry = new Registry();
    const fail = (): never => {
      throw new Error('no metrics today');
    };
    new Counter({ name: 'broken', help: 'Broken', registers: [registry], collect: fail });
    const url = await endpoint(undefined, registry);
    const response = await fetch(`${url}/metrics`);
    expect([response.status, await response.text()]).toEqual([500, 'Error: no metrics today\n']);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('outlives a request that is no HTTP', async () => {
    const url = new URL(await endpoint());
    const socket = connect(Number(url.port), url.hostname);
    socket.end('hello\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect((await fetch(`${url.href}health/live`)).status).toBe(200);
  });

  it('closes while a client holds a connection open', async () => {
    const { url, close } = await serveHttp(HERE, routes());
    const { port, hostname } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const gone = once(socket, 'close');
    await close();
    await gone;
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('names the port and the setting when the port is in use', async () => {
    const port = Number(new URL(await endpoint()).port);
    await expect(serveHttp({ ...HERE, port }, routes())).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use by another program: set http.port in the config file to another one`,
    );
  });

  it('names the host and the setting when it is none of this machine', async () => {
    await expect(serveHttp({ ...HERE, host: '192.0.2.1' }, routes())).rejects.toThrow(
      'port 0 on 192.0.2.1 cannot be listened on (EADDRNOTAVAIL): set http.host and http.port',
    );
  });
});

describe('a token', () => {
  const token = 'a token with ümläuts';
  const get = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { headers, redirect: 'manual' });

  it('is wanted of everybody but who asks for health, and is not told', async () => {
    const url = await endpoint(undefined, undefined, new Access('secret'));
    for (const headers of [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: 'Basic secret' },
      { cookie: 'autotrader_token=%' },
    ]) {
      const response = await get(`${url}/metrics`, headers);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(await response.text()).not.toContain('secret');
    }
    expect((await get(`${url}/health/live`)).status).toBe(200);
    expect((await get(`${url}/metrics`, { authorization: 'Bearer secret' })).status).toBe(200);
  });

  it('is taken once from the address, and kept where no script can read it', async () => {
    const url = await endpoint(undefined, undefined, new Access(token));
    const first = await get(`${url}/metrics?token=${encodeURIComponent(token)}`);
    expect([first.status, first.headers.get('location')]).toEqual([303, '/metrics']);
    const [cookie = '', ...attributes] = (first.headers.get('set-cookie') ?? '').split('; ');
    expect(attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Strict']);
    expect((await get(`${url}/metrics`, { cookie })).status).toBe(200);
    expect((await get(`${url}/metrics?token=wrong`)).status).toBe(401);
  });
});
