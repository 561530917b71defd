import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { UserError } from '@autotrader/runtime';

/** What the HTTP endpoint tells of. */
export interface HttpSources {
  readonly registry: Pick<Registry, 'contentType' | 'metrics'>;
  /** One line a thing that keeps it from being ready; empty when it is. */
  readonly notReady: () => readonly string[];
}

/** The endpoint while it listens. */
export interface HttpEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `/metrics`, `/health/live` and `/health/ready`.
 * @throws UserError when it cannot listen there.
 */
export async function serveHttp(host: string, port: number, sources: HttpSources): Promise<HttpEndpoint> {
  const server = createServer((request, response) => {
    answer(request, response, sources).catch((error: unknown) => reply(response, 500, `${String(error)}\n`));
  });
  await listen(server, host, port);
  const { port: actual } = server.address() as AddressInfo; // listening on TCP, so it is neither null nor a path
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`, close };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError({ code, message }: NodeJS.ErrnoException, host: string, port: number): UserError {
  if (code === 'EADDRINUSE')
    return new UserError(
      `port ${port} on ${host} is in use by another program: set http.port in the config file to another one`,
    );
  const what = `port ${port} on ${host} cannot be listened on (${code ?? message})`;
  return new UserError(`${what}: set http.host and http.port in the config file to others`);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  sources: HttpSources,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return reply(response, 405, 'only GET is answered\n');
  }
  switch (request.url?.split('?')[0]) {
    case '/metrics': {
      const metrics = await sources.registry.metrics();
      response.setHeader('content-type', sources.registry.contentType);
      return reply(response, 200, metrics);
    }
    case '/health/live':
      return reply(response, 200, 'live\n');
    case '/health/ready': {
      const reasons = sources.notReady();
      return reasons.length === 0
        ? reply(response, 200, 'ready\n')
        : reply(response, 503, `${reasons.join('\n')}\n`);
    }
    default:
      return reply(response, 404, 'here are /metrics, /health/live and /health/ready\n');
  }
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(body);
}
