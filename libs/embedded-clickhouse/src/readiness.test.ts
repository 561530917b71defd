import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { waitUntilReady } from './readiness.js';

describe('readiness', () => {
  it('is not taken from another server on the same port', async () => {
    const abort = new AbortController();
    const answers = ['Ok.\n', '/data/of/another/\n', '/data/of/ours/\n'];
    const server = createServer((_, response) => response.end(answers.shift())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await waitUntilReady((server.address() as AddressInfo).port, '/data/of/ours', abort.signal);
    server.close();
    expect(answers).toEqual([]);
  });

  it('is no longer waited for when the signal aborts', async () => {
    const abort = new AbortController();
    const server = createServer((_, response) => {
      response.end('Ok.\n');
      abort.abort();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const ready = waitUntilReady((server.address() as AddressInfo).port, '/data', abort.signal);
    await expect(ready).rejects.toThrow('aborted');
    server.close();
  });
});
