import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startFaultProxy } from './fault-proxy.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A link to a server that echoes; `served` holds the requests that it has had whole. */
async function link() {
  const served: string[] = [];
  const server = createServer((request, response) => {
    buffer(request)
      .then((body) => {
        served.push(`${request.method} ${decodeURIComponent(request.url ?? '')} ${body.length}`);
        response.end(body);
      })
      .catch(() => undefined); // cut
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const proxy = await startFaultProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => proxy.close(),
  );
  const post = async (body: string | Buffer, path = '/', signal?: AbortSignal): Promise<number> => {
    const answer = await fetch(`${proxy.url}${path}`, { method: 'POST', body, ...(signal && { signal }) });
    return (await answer.arrayBuffer()).byteLength;
  };
  return { proxy, served, post };
}

describe('a link with faults', () => {
  it('passes everything on while there are none, however large', async () => {
    const { served, post } = await link();
    expect(await post('hello')).toBe(5);
    expect(await post(Buffer.alloc(5_000_000))).toBe(5_000_000);
    expect(served).toEqual(['POST / 5', 'POST / 5000000']);
  });

  it.each([
    ['refuse', []],
    ['cut-request', []],
    ['cut-answer', ['POST / 300000']],
  ] as const)('by %s breaks one request, of which the server has had whole %j', async (fault, had) => {
    const { proxy, served, post } = await link();
    const happened = proxy.next(fault);
    await expect(post(Buffer.alloc(300_000))).rejects.toThrow();
    await happened;
    expect(served).toEqual(had);
    expect(proxy.happened[fault]).toBe(1);
    expect(await post('again')).toBe(5);
  });

  it('by stall says nothing to anybody', async () => {
    const { proxy, served, post } = await link();
    const impatient = new AbortController();
    const stalled = expect(post('x', '/', impatient.signal)).rejects.toThrow('abort');
    await proxy.next('stall');
    impatient.abort();
    await stalled;
    expect(served).toEqual([]);
    expect(await post('again')).toBe(5);
  });

  it('waits for the request that is meant', async () => {
    const { proxy, served, post } = await link();
    const happened = proxy.next('refuse', 'INSERT INTO tick');
    await post('x', '/?query=SELECT+1');
    await expect(post('x', '/?query=INSERT+INTO+tick%5Fraw')).rejects.toThrow();
    await happened;
    expect(served).toEqual(['POST /?query=SELECT+1 1']);
  });

  it('cuts everything at once when it is told to', async () => {
    const { proxy, post } = await link();
    const stalled = post('x');
    await proxy.next('stall').catch(() => undefined);
    proxy.cutAll();
    await expect(stalled).rejects.toThrow();
  });
});
