import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Scratch } from '../testing/scratch.js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loadSecrets } from './load-secrets.js';
import { redacted } from './redaction.js';
import { resolveSecret } from './resolve-secret.js';

const scratch = new Scratch();
const before = { ...process.env };
afterEach(async () => {
  process.env = { ...before };
  await scratch.clean();
});

/** A keeper of secrets on this machine: a stand-in for one that cannot be had here. */
async function keeper(
  answer: (request: IncomingMessage, body: string) => [number, unknown],
): Promise<string> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const [status, value] = answer(request, body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    });
  }).listen(0, '127.0.0.1');
  scratch.defer(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const read = (value: string, environment: NodeJS.ProcessEnv = {}): Promise<string> =>
  resolveSecret('OANDA_API_KEY', value, environment);

describe('a secret that refers to nothing', () => {
  it.each(['abc', 'a#b', 'https://x/#y', 'vault:x', ''])('is itself: %j', async (value) => {
    expect(await read(value)).toBe(value);
  });
});

describe('a vault', () => {
  const vault = (): Promise<string> =>
    keeper(({ url, headers }) => {
      if (headers['x-vault-token'] !== 'a vault token') return [403, { errors: ['permission denied'] }];
      if (url === '/v1/desk/data/oanda/live') return [200, { data: { data: { key: 'the key', port: 1 } } }];
      return url === '/v1/desk/data/broken' ? [500, {}] : [404, { errors: [] }];
    });

  it('gives the key of a secret, its token from a file, too', async () => {
    const VAULT_ADDR = await vault();
    const environment = { VAULT_ADDR, VAULT_TOKEN: 'a vault token' };
    expect(await read('vault://desk/oanda/live#key', environment)).toBe('the key');
    const file = await scratch.file('token', 'a vault token\n');
    expect(await read('vault://desk/oanda/live#key', { VAULT_ADDR, VAULT_TOKEN_FILE: file })).toBe('the key');
  });

  it.each([
    ['vault://desk/oanda/live#key', {}, 'VAULT_ADDR and VAULT_TOKEN (or VAULT_TOKEN_FILE) say where'],
    ['vault://desk/oanda/live', { VAULT_TOKEN: 'a vault token' }, 'name the key: vault://MOUNT/PATH#KEY'],
    ['vault://desk/oanda/live#port', { VAULT_TOKEN: 'a vault token' }, 'the secret has no text under port'],
    ['vault://desk/nothing#key', { VAULT_TOKEN: 'a vault token' }, 'the vault has nothing there'],
    ['vault://desk/broken#key', { VAULT_TOKEN: 'a vault token' }, 'the vault answers 500'],
    [
      'vault://desk/oanda/live#key',
      { VAULT_TOKEN: 'wrong' },
      'the vault refuses: VAULT_TOKEN has no right to read it',
    ],
    [
      'vault://desk/x#key',
      { VAULT_TOKEN: 'a vault token', VAULT_ADDR: 'http://vault.example.com' },
      'VAULT_ADDR is not https: the secret would be read by others',
    ],
    [
      'vault://desk/x#key',
      { VAULT_TOKEN: 'a vault token', VAULT_ADDR: 'http://127.0.0.1:9' },
      'cannot be read (Error: bad port)',
    ],
  ])('%s with %j: says in one line what is wrong', async (reference, environment, message) => {
    const VAULT_ADDR = Object.keys(environment).length === 0 ? undefined : await vault();
    const error = await read(reference, { VAULT_ADDR, ...environment }).catch((each: unknown) => each);
    expect(String(error)).toContain('OANDA_API_KEY: vault://desk/');
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain('a vault token');
    expect(String(error)).not.toContain('\n');
  });
});

describe('AWS Secrets Manager', () => {
  async function amazon(): Promise<void> {
    process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = await keeper(({ headers }, body) => {
      expect(headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
      const { SecretId } = JSON.parse(body) as { SecretId: string };
      if (SecretId === 'desk/oanda') return [200, { SecretString: '{"key":"the key"}' }];
      if (SecretId === 'desk/plain') return [200, { SecretString: 'as it is' }];
      return [400, { __type: 'ResourceNotFoundException', message: 'no such secret' }];
    });
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'an amazon key',
      AWS_REGION: 'eu-west-1',
    });
  }
  const environment = { AWS_REGION: 'eu-west-1' };

  it('gives a secret, or the key of one that is JSON', async () => {
    await amazon();
    expect(await read('aws-sm://desk/oanda#key', environment)).toBe('the key');
    expect(await read('aws-sm://desk/plain', environment)).toBe('as it is');
  });

  it.each([
    ['aws-sm://desk/nothing#key', 'ResourceNotFoundException: no such secret'],
    ['aws-sm://desk/plain#key', 'the secret is no JSON, so it has no key'],
    ['aws-sm://desk/oanda#other', 'the secret has no text under other'],
  ])('%s: says in one line what is wrong', async (reference, message) => {
    await amazon();
    await expect(read(reference, environment)).rejects.toThrow(message);
  });
});

describe('secrets that are loaded', () => {
  it('are read once, resolved, and never printed in any form', async () => {
    const VAULT_ADDR = await keeper(() => [200, { data: { data: { key: 'canary/1 "quoted"' } } }]);
    const environment = { VAULT_ADDR, VAULT_TOKEN: 'the token', A: 'vault://m/p#key', B: 'canary-2', C: '' };
    const secrets = await loadSecrets(['A', 'B', 'C', 'D'], environment);
    expect(['A', 'B', 'C', 'D', 'VAULT_TOKEN'].map(secrets)).toEqual([
      'canary/1 "quoted"',
      'canary-2',
      undefined,
      undefined,
      undefined,
    ]);
    const secret = 'canary/1 "quoted"';
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      Buffer.from(secret).toString('base64'),
      'canary-2',
    ];
    for (const form of forms)
      expect(redacted(`before ${form} after`)).toMatch(/^before "?\[redacted\]"? after$/);
    expect(redacted('nothing of that')).toBe('nothing of that');
  });
});
