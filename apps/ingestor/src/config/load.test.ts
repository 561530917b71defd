import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Scratch } from '@autotrader/runtime/testing';
import { loadConfig, parseConfig } from './load.js';
import { EXAMPLE } from './reference.js';

const DEFAULTS = {
  venues: { binance: { symbols: ['BTCUSDT', 'ETHUSDT'], streams: ['trade', 'depth20'], host: 'live' } },
  clickhouse: { database: 'market_data', dataDir: './data', httpPort: 8123 },
  spool: { dir: './spool', maxBytes: 10_737_418_240 },
  http: { host: '127.0.0.1', port: 8000 },
  buffer: { size: 50_000, flushIntervalMs: 1_000 },
  logLevel: 'info',
};

const scratch = new Scratch();
afterEach(() => scratch.clean());

function complaint(text: string): string {
  try {
    parseConfig(text, 'c.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('a config', () => {
  it('without a file is trades and depth20 of BTCUSDT and ETHUSDT by ./spool into ./data, with metrics on port 8000', () => {
    expect(loadConfig(undefined)).toEqual(DEFAULTS);
  });

  it.each([
    ['nothing', ''],
    ['comments', '# to be filled\n'],
  ])('file with %s in it says nothing', (_, text) => {
    expect(parseConfig(text, 'c.yaml')).toEqual(DEFAULTS);
  });

  it('changes what it names and leaves the rest', () => {
    expect(parseConfig('http: {port: 0}\nlogLevel: warn', 'c.yaml')).toEqual({
      ...DEFAULTS,
      http: { host: '127.0.0.1', port: 0 },
      logLevel: 'warn',
    });
  });

  it('accepts the example of the documentation', () => {
    expect(parseConfig(EXAMPLE, 'c.yaml')).toMatchObject({
      venues: {
        binance: { symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'], streams: ['trade', 'bookTicker', 'depth20'] },
      },
      clickhouse: { url: 'http://localhost:8123', username: 'ingestor', password: 'secret' },
    });
  });

  it('is read from a file', async () => {
    const file = await scratch.file('c.yaml', 'buffer:\n  size: 10\n');
    expect(loadConfig(file).buffer).toEqual({ size: 10, flushIntervalMs: 1_000 });
  });
});

describe('a config that is wrong', () => {
  it.each([
    ['an unknown setting', 'venue: {}', 'venue (line 1): no such setting'],
    ['an unknown setting deep down', 'http:\n  port: 1\n  prot: 2', 'http.prot (line 3): no such setting'],
    [
      'a wrong type',
      'http:\n  port: "8000"',
      'http.port (line 2): Invalid input: expected number, received string',
    ],
    ['a value out of range', 'http: {port: 70000}', 'http.port (line 1): Too big'],
    ['a part of a number', 'buffer: {size: 1.5}', 'buffer.size (line 1): Invalid input: expected int'],
    [
      'a list where a name is meant',
      'logLevel: [info]',
      'logLevel (line 1): Invalid option: expected one of',
    ],
    ['a name where a list is meant', 'venues: {binance: {symbols: BTC}}', 'expected array, received string'],
    ['no symbols', 'venues:\n  binance:\n    symbols: []', 'venues.binance.symbols (line 3): Too small'],
    ['an empty symbol', 'venues: {binance: {symbols: [""]}}', 'venues.binance.symbols.0 (line 1): Too small'],
    ['symbols left out', 'venues: {binance: {}}', 'venues.binance.symbols: Invalid input: expected array'],
    ['no venue', 'venues: {}', 'venues (line 1): name at least one venue'],
    ['an unknown venue', 'venues: {binanse: {symbols: [A]}}', 'venues.binanse (line 1): no such setting'],
    [
      'an unknown stream',
      'venues:\n  binance:\n    symbols: [A]\n    streams:\n      - trade\n      - trades',
      'venues.binance.streams.1 (line 6): Invalid option: expected one of "trade"|"aggTrade"',
    ],
    [
      'an address that is none',
      'clickhouse: {url: nowhere}',
      'clickhouse.url (line 1): not an address like http://',
    ],
    [
      'an address without its protocol',
      'clickhouse: {url: "localhost:8123"}',
      'clickhouse.url (line 1): not an',
    ],
    [
      'an address of the wrong kind',
      'venues: {binance: {symbols: [A], wsUrl: "http://x"}}',
      'venues.binance.wsUrl (line 1): not an address like ws://host:port',
    ],
    ['a database that cannot be', 'clickhouse: {database: a-b}', 'letters, digits and _ only'],
    ['something else than settings', '- 1', 'Invalid input: expected object, received array'],
    ['broken YAML', 'http:\n  port: 1\n http: 2', 'at line 3, column 1'],
    ['a setting twice', 'http: {}\nhttp: {}', 'Map keys must be unique at line 2, column 1'],
    ['an alias of nothing', 'http: *x', 'Unresolved alias'],
    [
      'aliases that grow without bounds',
      'a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]',
      'Excessive alias count',
    ],
  ])('with %s is refused in one line with the place', (_, text, expected) => {
    const message = complaint(text);
    expect(message).toMatch(/^c\.yaml: /);
    expect(message).toContain(expected);
    expect(message).not.toContain('\n');
  });

  it('names every problem it has', () => {
    expect(complaint('http: {a: 1, b: 2}\nlogLevel: loud')).toMatch(/http\.a .*http\.b .*logLevel /);
  });

  it('that is not there is refused by its name', () => {
    const file = join('no', 'such', 'file.yaml');
    expect(() => loadConfig(file)).toThrow(`${file}: cannot be read (ENOENT): name a YAML file`);
  });

  it('that is a folder is refused by its name', async () => {
    const folder = await scratch.folder();
    expect(() => loadConfig(folder)).toThrow(`${folder}: cannot be read (EISDIR)`);
  });
});
