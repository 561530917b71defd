import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { reply, replyJson, type Route, type Routes } from '../http/server.js';
import type { Store } from '../record/store.js';
import { BarsRequest, readBars, readCharted } from './bars.js';
import type { EventStream } from './event-stream.js';

const STATIC = fileURLToPath(new URL('./static/', import.meta.url));
/** In a bundle it stands beside the others. */
const BUNDLED_CHARTS = `${STATIC}lightweight-charts.js`;
const CHARTS = existsSync(BUNDLED_CHARTS) ? BUNDLED_CHARTS : installedCharts();

/** Files of the page by path, with their types. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': [`${STATIC}index.html`, 'text/html'],
  '/page/page.css': [`${STATIC}page.css`, 'text/css'],
  '/page/page.js': [`${STATIC}page.js`, 'text/javascript'],
  '/page/chart.js': [`${STATIC}chart.js`, 'text/javascript'],
  '/page/connectors.js': [`${STATIC}connectors.js`, 'text/javascript'],
  '/page/text.js': [`${STATIC}text.js`, 'text/javascript'],
  '/page/ticks.js': [`${STATIC}ticks.js`, 'text/javascript'],
  '/page/icon.svg': [`${STATIC}icon.svg`, 'image/svg+xml'],
  '/page/lightweight-charts.js': [CHARTS, 'text/javascript'],
};

/** Nothing of another host is loaded, and nobody frames it; the charts write a style of their own into the page. */
const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

function installedCharts(): string {
  const manifest = createRequire(import.meta.url).resolve('lightweight-charts/package.json');
  return join(dirname(manifest), 'dist/lightweight-charts.standalone.production.mjs');
}

/** What the page is made from. */
export interface PageSources {
  /** `undefined` until ClickHouse is there. */
  readonly store: () => Pick<Store, 'query'> | undefined;
  readonly events: EventStream;
}

/** The live page at `/`, and what it asks for. */
export function pageRoutes({ store, events }: PageSources): Routes {
  const asked =
    (answer: (store: Pick<Store, 'query'>, url: URL) => Promise<unknown>): Route =>
    async (url, response) => {
      const opened = store();
      if (opened === undefined) return reply(response, 503, 'ClickHouse is not there yet\n');
      try {
        replyJson(response, await answer(opened, url));
      } catch (error) {
        if (error instanceof z.ZodError) return reply(response, 400, `${z.prettifyError(error)}\n`);
        reply(response, 503, 'ClickHouse does not answer\n');
      }
    };
  const files = Object.entries(FILES).map(([path, [file, type]]): [string, Route] => [
    path,
    async (_, response) => {
      response
        .setHeader('content-type', `${type}; charset=utf-8`)
        .setHeader('cache-control', 'no-cache')
        .setHeader('content-security-policy', POLICY);
      reply(response, 200, await readFile(file));
    },
  ]);
  return new Map<string, Route>([
    ...files,
    ['/api/events', (_, response) => events.add(response)],
    ['/api/instruments', asked((opened) => readCharted(opened))],
    [
      '/api/bars',
      asked((opened, url) => readBars(opened, BarsRequest.parse(Object.fromEntries(url.searchParams)))),
    ],
  ]);
}
