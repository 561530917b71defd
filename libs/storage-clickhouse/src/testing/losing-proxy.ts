import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A link to a server on which the answers to some batches are lost. */
export interface LosingProxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Passes requests on to a server. When the server has answered a batch (so that its rows are stored),
 * `loses` is asked with the number of batches answered so far; true cuts the link instead of passing it on.
 */
export async function losingProxy(
  target: string,
  loses: (answered: number) => boolean | Promise<boolean>,
): Promise<LosingProxy> {
  let answered = 0;
  const server = createServer((incoming, outgoing) => {
    pass(target, incoming)
      .then(async ({ answer, body }) => {
        const isBatch = incoming.url?.includes('ArrowStream') === true && answer.statusCode === 200;
        if (isBatch && (await loses(++answered))) incoming.socket.destroy();
        else relay(answer, body, outgoing);
      })
      .catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function pass(target: string, incoming: IncomingMessage) {
  const { method, url = '', headers } = incoming;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const onward = send(new URL(url, target), { method, headers, agent: false }, resolve);
    onward.on('error', reject);
    incoming.pipe(onward);
  });
  return { answer, body: await buffer(answer) };
}

function relay({ statusCode = 502, headers }: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
  const { 'transfer-encoding': _, ...rest } = headers;
  outgoing.writeHead(statusCode, { ...rest, 'content-length': body.length }).end(body);
}
