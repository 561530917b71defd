import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FaultProxy } from './fault-proxy.js';

let server: Server;
let proxy: FaultProxy;
/** Requests that the server had as a whole. */
let done: string[];

beforeEach(async () => {
  done = [];
  server = createServer((request, response) => {
    text(request).then(
      (body) => {
        done.push(body);
        response.end('ok');
      },
      () => undefined, // cut
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await FaultProxy.open((server.address() as AddressInfo).port);
});

afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const send = (body: string, signal?: AbortSignal) =>
  fetch(proxy.url, { method: 'POST', body, headers: { connection: 'close' }, ...(signal && { signal }) });

describe('a link on which things go wrong', () => {
  it('carries what it is given when nothing is wrong', async () => {
    expect(await (await send('INSERT 1')).text()).toBe('ok');
  });

  it.each(['cut before', 'cut within'] as const)('%s: the server has no whole request', async (fault) => {
    const met = proxy.arm(fault, 5_000);
    await expect(send('INSERT 1')).rejects.toThrow('fetch failed');
    expect([await met, done]).toEqual([true, []]);
    expect(await (await send('INSERT 2')).text()).toBe('ok');
  });

  it('cut after: the server has done it, and the client does not hear of it', async () => {
    const met = proxy.arm('cut after', 5_000);
    await expect(send('INSERT 1')).rejects.toThrow('fetch failed');
    expect([await met, done]).toEqual([true, ['INSERT 1']]);
  });

  it('stall: nothing comes, and the link is open', async () => {
    const met = proxy.arm('stall', 5_000);
    const giveUp = new AbortController();
    const answer = send('INSERT 1', giveUp.signal);
    expect(await met).toBe(true);
    expect(await Promise.race([answer, (await send('SELECT')).text()])).toBe('ok');
    giveUp.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect(done).toEqual(['SELECT']);
  });

  it('says when no insert came in time, and harms no later one', async () => {
    expect(await proxy.arm('cut before', 1)).toBe(false);
    expect(await (await send('INSERT 1')).text()).toBe('ok');
  });
});
