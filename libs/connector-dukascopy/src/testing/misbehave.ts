import type { ServerResponse } from 'node:http';
import type { DukascopyFault } from './simulator.js';

const PAGE = '<!DOCTYPE html><html><body>We are down for maintenance</body></html>';

/** Answers as it should not. @returns the status that was sent; 0 for none. */
export function misbehave(fault: DukascopyFault, bytes: Uint8Array, response: ServerResponse): number {
  switch (fault) {
    case 'throttled':
      response.writeHead(503).end();
      return 503;
    case 'too-many':
      response.writeHead(429, { 'retry-after': '1' }).end();
      return 429;
    case 'truncated':
      response.writeHead(200, { 'content-length': bytes.length + 1 });
      response.write(bytes, () => response.destroy());
      return 200;
    case 'halved':
      response.end(bytes.subarray(0, Math.floor(bytes.length / 2)));
      return 200;
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      return 200;
    case 'damaged': {
      const damaged = Uint8Array.from(bytes);
      const at = Math.floor(damaged.length / 2);
      damaged[at] = (damaged[at] ?? 0) ^ 0x5a;
      response.end(damaged);
      return 200;
    }
    case 'slow':
      response.writeHead(200, { 'content-length': bytes.length + 1 }).write('\x5d');
      return 200;
    case 'reset':
      response.destroy();
      return 0;
  }
}
