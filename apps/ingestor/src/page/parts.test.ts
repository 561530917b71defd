import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { LATENCY_BUCKETS, type LatencyHistogram } from '@autotrader/connector-core';
import type { Tick } from '@autotrader/schemas';
import { Scratch, until } from '@autotrader/runtime/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { serveHttp } from '../http/server.js';
import { EventStream } from './event-stream.js';
import { LastTicks } from './last-ticks.js';
import { quantileBetween } from './quantile.js';
import { pageRoutes } from './routes.js';

const scratch = new Scratch();
afterEach(() => scratch.clean());

/** So many observations a bucket, from the lowest on. */
function histogram(...counts: number[]): LatencyHistogram {
  const all = Float64Array.from({ length: LATENCY_BUCKETS.length + 1 }, (_, bucket) => counts[bucket] ?? 0);
  return { counts: all } as unknown as LatencyHistogram;
}

describe('a quantile of what was counted in between', () => {
  it('lies between the bounds of its bucket, by its share', () => {
    expect(quantileBetween(0.5, histogram(0, 10), undefined)).toBeCloseTo(0.00175, 9);
    expect(quantileBetween(0.99, histogram(100), undefined)).toBeCloseTo(0.00099, 9);
  });

  it('leaves out what was there before', () => {
    expect(quantileBetween(0.5, histogram(100, 10), histogram(100))).toBeCloseTo(0.00175, 9);
  });

  it('is nothing of nothing, and the last bound of what is over it', () => {
    expect(quantileBetween(0.5, histogram(7), histogram(7))).toBeUndefined();
    const over = histogram(...LATENCY_BUCKETS.map(() => 0), 5);
    expect(quantileBetween(0.5, over, undefined)).toBe(10);
  });
});

describe('the last ticks', () => {
  it('are the newest twenty, oldest first', () => {
    let send: (tick: Tick) => void = () => undefined;
    const on = (_: string, callback: (event: never) => void): never => {
      send = callback as unknown as typeof send;
      return undefined as never;
    };
    const ticks = new LastTicks([{ on }]);
    const prices = (): number[] => ticks.read().map(({ price }) => price);
    send({ price: 1 } as Tick);
    expect(prices()).toEqual([1]);
    for (let price = 2; price <= 45; price++) send({ price } as Tick);
    expect(prices()).toEqual(Array.from({ length: 20 }, (_, place) => place + 26));
  });
});

describe('the stream of events', () => {
  it('looks at nothing while nobody listens, and tells everybody else once a second', async () => {
    let looks = 0;
    const events = new EventStream(() => ({ look: ++looks }));
    const server = createServer((_, response) => events.add(response)).listen(0, '127.0.0.1');
    scratch.defer(() => {
      events.close();
      server.close();
    });
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(looks).toBe(0);
    const leaving = new AbortController();
    const answer = await fetch(url, { signal: leaving.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('data: {"look":1}\n\n');
    expect((await reader?.read())?.value).toBe('data: {"look":2}\n\n');
    leaving.abort();
    await until('it has left', () => events.listeners === 0);
  });
});

describe('what the page asks for', () => {
  const question = 'venue=BINANCE&symbol=BTC/USDT&priceType=trade&interval=1m';

  async function endpoint(query?: (sql: string) => Promise<never[]>): Promise<string> {
    const events = new EventStream(() => 0);
    const { url, close } = await serveHttp(
      { host: '127.0.0.1', port: 0 },
      pageRoutes({ store: () => query && { query }, events }),
    );
    scratch.defer(close);
    return url;
  }
  const get = async (url: string): Promise<[number, string]> => {
    const answer = await fetch(url);
    return [answer.status, await answer.text()];
  };

  it('is answered in a line while ClickHouse is not there, or does not answer', async () => {
    expect(await get(`${await endpoint()}/api/instruments`)).toEqual([503, 'ClickHouse is not there yet\n']);
    const away = await endpoint(() => Promise.reject(new Error('connect ECONNREFUSED')));
    expect(await get(`${away}/api/bars?${question}`)).toEqual([503, 'ClickHouse does not answer\n']);
  });

  it('is checked: what is no interval, or SQL, gets nowhere', async () => {
    const asked: string[] = [];
    const url = await endpoint((sql) => {
      asked.push(sql);
      return Promise.resolve([]);
    });
    const [status, text] = await get(`${url}/api/bars?${question.replace('1m', '2m')}&from=x`);
    expect([status, asked]).toEqual([400, []]);
    expect(text).toContain('interval');
    expect(await get(`${url}/api/bars?${question}&symbol=${encodeURIComponent("\\' OR 1 --")}`)).toEqual([
      200,
      '[]',
    ]);
    expect(asked[0]).toContain("symbol = '\\\\\\' OR 1 --' AND");
  });

  it('lets a browser load nothing from elsewhere', async () => {
    const answer = await fetch(`${await endpoint()}/`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(await answer.text()).not.toMatch(/(src|href)="https?:/);
  });
});
