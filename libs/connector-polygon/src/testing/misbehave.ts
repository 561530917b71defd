import type { ServerResponse } from 'node:http';
import type { PolygonFault } from './simulator.js';

const PAGE = '<!DOCTYPE html><html><body>We are down for maintenance</body></html>';
const SAID: Readonly<Partial<Record<PolygonFault, readonly [status: number, body: object]>>> = {
  'unknown-key': [401, { status: 'ERROR', error: 'Unknown API Key' }],
  'not-entitled': [
    403,
    { status: 'NOT_AUTHORIZED', message: 'You are not entitled to this data. Please upgrade your plan' },
  ],
  broken: [500, { status: 'ERROR', error: 'Internal error' }],
  'error-as-ok': [200, { status: 'ERROR', error: 'Something went wrong' }],
};

/** Answers as it should not. @returns the status that was sent; 0 for none. */
export function misbehave(fault: PolygonFault, body: object, href: string, response: ServerResponse): number {
  const text = JSON.stringify(body);
  const said = SAID[fault];
  if (said !== undefined) return send(response, ...said);
  const { results: _, ...empty } = body as { results?: unknown };
  switch (fault) {
    case 'too-many':
      response.writeHead(429).end();
      return 429;
    case 'delayed':
      return send(response, 200, { ...body, status: 'DELAYED' });
    case 'empty-page':
      return send(response, 200, { ...empty, next_url: `${href}&empty=1` });
    case 'loop':
      return send(response, 200, { ...body, next_url: href });
    case 'truncated':
      response.writeHead(200, { 'content-length': text.length + 1 });
      response.write(text, () => response.destroy());
      return 200;
    case 'slow':
      response.writeHead(200, { 'content-length': text.length + 1 }).write('{');
      return 200;
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      return 200;
    default:
      response.destroy();
      return 0;
  }
}

function send(response: ServerResponse, status: number, body: object): number {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  return status;
}
