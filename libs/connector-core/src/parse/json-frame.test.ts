import { describe, expect, it } from '@jest/globals';
import { parseJsonFrame } from './json-frame.js';
import { nearestNames } from './nearest-names.js';
import { oneLine } from './one-line.js';
import { firstIssue } from './first-issue.js';

describe('a frame of JSON', () => {
  it('is the object it holds', () => {
    expect(parseJsonFrame(Buffer.from('{"a":[1,{"b":"é"}]}'))).toEqual({ message: { a: [1, { b: 'é' }] } });
  });

  it.each([
    [Buffer.from([0x7b, 0xff]), 'not UTF-8'],
    [Buffer.from('{"a":1'), 'not JSON'],
    [Buffer.from(''), 'not JSON'],
    [Buffer.from('1'), 'not a JSON object'],
    [Buffer.from('null'), 'not a JSON object'],
    [Buffer.from('{"a":1,"a":2}'), 'a name twice in one object'],
  ])('%s is told for what it is', (frame, wrong) => {
    expect(parseJsonFrame(frame)).toEqual({ wrong });
  });
});

describe('what is said', () => {
  it('names the place of the first issue', () => {
    expect(firstIssue({ issues: [{ path: ['bids', 0, 'price'], message: 'not a decimal' }] })).toBe(
      'bids.0.price: not a decimal',
    );
    expect(firstIssue({ issues: [{ path: [], message: 'no object' }] })).toBe('no object');
    expect(firstIssue({ issues: [] })).toBe('does not fit the schema');
  });

  it('is one line of bounded length', () => {
    expect(oneLine('a\n\tb')).toBe('a b');
    expect(oneLine('x'.repeat(1_000))).toHaveLength(200);
  });

  it('suggests the names that differ least, if it is little', () => {
    const names = ['EUR_USD', 'EUR_JPY', 'GBP_USD', 'XAU_USD'];
    expect(nearestNames('EUR_USX', names)).toEqual(['EUR_USD']);
    expect(nearestNames('ABC_DEF', names)).toEqual([]);
  });
});
