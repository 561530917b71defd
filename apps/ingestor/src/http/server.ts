import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '@autotrader/runtime';
import type { Access } from './access.js';

/** Answers one request; what it throws is answered with 500. */
export type Route = (url: URL, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

/** What is answered, by path. */
export type Routes = ReadonlyMap<string, Route>;

/** The endpoint while it listens. */
export interface HttpEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

/** Where it listens, and to whom. */
export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Who may ask; anybody by default. */
  readonly access?: Access | undefined;
}

/** @throws UserError when it cannot listen there. */
export async function serveHttp({ host, port, access }: HttpOptions, routes: Routes): Promise<HttpEndpoint> {
  const server = createServer((request, response) => {
    answer(request, response, routes, access).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else reply(response, 500, `${String(error)}\n`);
    });
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

/** Plain text, unless the type of the content is set already. */
export function reply(response: ServerResponse, status: number, body: string | Uint8Array): void {
  response.statusCode = status;
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(body);
}

/** JSON, which nobody keeps. */
export function replyJson(response: ServerResponse, value: unknown): void {
  response
    .setHeader('content-type', 'application/json; charset=utf-8')
    .setHeader('cache-control', 'no-store');
  reply(response, 200, JSON.stringify(value));
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
  routes: Routes,
  access: Access | undefined,
): Promise<void> {
  response.setHeader('x-content-type-options', 'nosniff').setHeader('referrer-policy', 'no-referrer');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return reply(response, 405, 'only GET is answered\n');
  }
  const target = request.url ?? '/';
  if (!URL.canParse(target, 'http://host')) return reply(response, 400, 'that is no path\n');
  const url = new URL(target, 'http://host');
  if (access?.admits(url, request, response) === false) return;
  const route = routes.get(url.pathname);
  if (route === undefined)
    return reply(response, 404, 'here are /, /metrics, /health/live and /health/ready\n');
  await route(url, response, request);
}
