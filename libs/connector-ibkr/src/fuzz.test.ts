import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { IbkrConnector } from './connector.js';
import { until } from '@autotrader/connector-core/testing';
import { fuzzedMessages } from './fixtures/fuzzed-messages.js';
import { TwsClient } from './testing/client.js';
import { TwsState } from './testing/state.js';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_122);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100_000);

/** The simulator's clients on a server of our own, so that we know when each message is on its way. */
const state = new TwsState({ tickByTickEveryMs: 0, maxMessagesPerSecond: 10_000 });
let server: Server;
let socket: Socket | undefined;

beforeAll(async () => {
  server = createServer((accepted) => {
    const client = new TwsClient(accepted, state);
    state.clients.add(client);
    socket = accepted;
    accepted.on('close', () => {
      state.clients.delete(client);
      if (socket === accepted) socket = undefined;
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  socket?.destroy();
  server.close();
});

describe('bad messages of TWS', () => {
  it('are each in quarantine, and none is stored', async () => {
    const { port } = server.address() as AddressInfo;
    const short = { tickByTickEveryMs: 0, reconnectMinMs: 1, reconnectMaxMs: 2, keepAliveMs: 60_000 };
    const connector = new IbkrConnector({ symbols: ['AAPL'], streams: ['Last'], port, ...short });
    const seen: string[] = [];
    let invalid: string | undefined;
    connector.on('tick', (tick) => seen.push(`${tick.price} ${tick.size}`));
    await connector.start();
    const counts = { invalid: 0, valid: 0 };
    for (const { bytes, mutation, isValid } of fuzzedMessages(SEED)) {
      if (socket === undefined || !connector.snapshot().isLive) {
        await until(() => socket !== undefined && connector.snapshot().isLive, 'a connection');
        seen.length = 0;
      }
      const [request] = [...state.clients].flatMap((client) => [...client.requests.keys()]);
      if (request !== 1) throw new Error(`the request has the id ${request}, the messages 1`);
      if (isValid) counts.valid++;
      else {
        counts.invalid++;
        invalid = mutation;
      }
      const before = seen.length;
      if (!(socket?.write(bytes) ?? true)) await new Promise((resolve) => setImmediate(resolve));
      if (counts.invalid % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (isValid) continue;
      // A price that no message of ours has tells of one that was half read.
      const wrong = seen.slice(before).find((each) => !each.startsWith('271.35 '));
      if (wrong !== undefined) throw new Error(`FUZZ_SEED=${SEED}, ${mutation}: stored as ${wrong}`);
      if (counts.invalid === RUNS) break;
    }
    await until(() => connector.snapshot().quarantined >= RUNS, 'every message');
    const { quarantined, reconnects, callbackErrors } = connector.snapshot();
    process.stdout.write(
      `fuzzed messages of TWS: FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}, ${counts.invalid} invalid, ${counts.valid} valid, ` +
        `${quarantined} in quarantine, ${reconnects} connections begun anew; the last was ${invalid}\n`,
    );
    await connector.stop();
    expect(seen.every((each) => each.startsWith('271.35 '))).toBe(true);
    expect(callbackErrors).toBe(0);
    expect(quarantined).toBe(RUNS);
  }, 300_000);
});
