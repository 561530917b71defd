import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { host } from './ports.js';

const pollIntervalMs = 20;
const dataDirQuery = `SELECT path FROM system.disks WHERE name = 'default' FORMAT TSVRaw`;

/** Resolves when the server on this port answers and keeps its data in this directory, so is no other one. */
export async function waitUntilReady(httpPort: number, dataDir: string, signal: AbortSignal): Promise<void> {
  while ((await answer(httpPort, signal)) !== `${dataDir}/\n`)
    await delay(pollIntervalMs, undefined, { signal });
}

// Without keep-alive: an idle connection would hold up the server's exit by 5 s.
function answer(httpPort: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const path = `/?query=${encodeURIComponent(dataDirQuery)}`;
    const request = get({ host, port: httpPort, path, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
      response.on('error', () => resolve(undefined));
    });
    request.on('error', () => resolve(undefined));
  });
}
