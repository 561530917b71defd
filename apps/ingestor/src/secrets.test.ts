import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startOandaSimulator } from '@autotrader/connector-oanda/testing';
import { Scratch } from '@autotrader/runtime/testing';
import { keepSecret } from '@autotrader/runtime';
import { createLog } from './log.js';

const TIMEOUT_MS = 60_000;
const scratch = new Scratch();
afterEach(() => scratch.clean(), TIMEOUT_MS);

const CANARIES = {
  OANDA_API_KEY: 'canary-oanda-key-0001',
  OANDA_ACCOUNT_ID: '101-004-canary-002',
  CLICKHOUSE_PASSWORD: 'canary clickhouse/password#3',
  INGESTOR_HTTP_TOKEN: 'canary-token-0004',
};

/** In every form in which one could turn up. */
const FORMS = Object.values(CANARIES).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replaceAll('=', ''),
]);

describe('a secret', () => {
  it('turns up in no log line of any level, as a text, in an object, in an error, in an address', () => {
    let printed = '';
    const print = (text: string): void => void (printed += text);
    const statusLine = { print } as unknown as Parameters<typeof createLog>[1];
    for (const secret of Object.values(CANARIES)) keepSecret(secret);
    for (const isReadable of [true, false]) {
      const log = createLog('trace', statusLine, isReadable);
      for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)
        for (const secret of Object.values(CANARIES)) {
          log[level](`the key is ${secret}, in an address ${encodeURIComponent(secret)}`);
          log[level]({ key: secret, headers: { authorization: `Bearer ${secret}` } }, 'said');
          log[level](new Error(`refused: ${secret}`, { cause: new Error(secret) }));
          log[level]({ password: 'unknown to anybody', nested: { token: 'that too', apiKey: 'and that' } });
        }
    }
    expect(printed.length).toBeGreaterThan(10_000);
    for (const form of [...FORMS, 'unknown to anybody', 'that too', 'and that'])
      expect(printed).not.toContain(form);
    expect(printed).toContain('[redacted]');
  });

  it(
    'turns up nowhere while venue and database refuse it and say it back',
    async () => {
      const venue = await startOandaSimulator();
      scratch.defer(() => venue.stop());
      // A stand-in for a server behind a proxy that says back what it was sent.
      const refusing = createServer((request, response) => {
        const { authorization = '' } = request.headers;
        response
          .writeHead(403)
          .end(`Code: 516. no such password: ${authorization} ${CANARIES.CLICKHOUSE_PASSWORD}`);
      }).listen(0, '127.0.0.1');
      await once(refusing, 'listening');
      scratch.defer(() => refusing.close());
      const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
      const file = await scratch.config({
        venues: { oanda: { symbols: ['EUR_USD'], streamUrl: venue.url, restUrl: venue.url } },
        clickhouse: { url, username: 'recorder' },
        http: { port: 0 },
        logLevel: 'trace',
      });
      const program = scratch.program('apps/ingestor/src/main.ts', ['--config', file], CANARIES);
      await Promise.race([program.ended, program.line(/OANDA: .*next try|password/)]);
      const endpoint = /live page at (http:\/\/[^,]+)/.exec(program.err)?.[1];
      const page =
        endpoint === undefined ? '' : await (await fetch(`${endpoint}/metrics`)).text().catch(() => '');
      program.kill('SIGTERM');
      const { out, err } = await program.ended;
      expect(err.length).toBeGreaterThan(50);
      for (const form of FORMS) for (const text of [out, err, page]) expect(text).not.toContain(form);
    },
    TIMEOUT_MS,
  );
});
