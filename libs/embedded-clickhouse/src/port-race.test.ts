import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { query } from './testing/query.js';

jest.setTimeout(60_000);

const ports = { ...(await import('./ports.js')) };
const choosePorts = jest.fn(ports.choosePorts);
jest.unstable_mockModule('./ports.js', () => ({ ...ports, choosePorts }));
const { scratchDir, startScratch } = await import('./testing/scratch.js');

describe('a port that another process takes between our look and the bind', () => {
  const other = createServer();
  let taken: number;

  beforeAll(async () => {
    await once(other.listen(0, '127.0.0.1'), 'listening');
    taken = (other.address() as AddressInfo).port;
  });
  afterAll(() => void other.close());

  it('is replaced when any port would do', async () => {
    const { tcp } = await ports.choosePorts(0, 0);
    choosePorts.mockResolvedValueOnce({ http: taken, tcp });
    const server = await startScratch({ dataDir: await scratchDir() });
    expect(server.httpPort).not.toBe(taken);
    expect(await query(server.url, 'SELECT 1')).toBe('1');
  });

  it('is an error when it was asked for', async () => {
    const { http } = await ports.choosePorts(0, 0);
    choosePorts.mockResolvedValueOnce({ http, tcp: taken });
    const start = startScratch({ dataDir: await scratchDir(), tcpPort: taken });
    await expect(start).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  });
});
