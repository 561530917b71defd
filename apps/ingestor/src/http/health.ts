import type { Registry } from 'prom-client';
import { reply, type Routes } from './server.js';

/** `/metrics`, as Prometheus reads them. */
export function metricsRoute(registry: Pick<Registry, 'contentType' | 'metrics'>): Routes {
  return new Map([
    [
      '/metrics',
      async (_, response) => {
        const metrics = await registry.metrics();
        response.setHeader('content-type', registry.contentType);
        reply(response, 200, metrics);
      },
    ],
  ]);
}

/**
 * `/health/live` and `/health/ready`.
 * @param notReady one line a thing that keeps it from being ready; empty when it is.
 */
export function healthRoutes(notReady: () => readonly string[]): Routes {
  return new Map([
    ['/health/live', (_, response) => reply(response, 200, 'live\n')],
    [
      '/health/ready',
      (_, response) => {
        const reasons = notReady();
        if (reasons.length === 0) reply(response, 200, 'ready\n');
        else reply(response, 503, `${reasons.join('\n')}\n`);
      },
    ],
  ]);
}
