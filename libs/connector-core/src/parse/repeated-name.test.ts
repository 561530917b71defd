import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasRepeatedName } from './repeated-name.js';

const isRepeated = (text: string): boolean => hasRepeatedName(text, JSON.parse(text));

describe('hasRepeatedName', () => {
  it('finds nothing in any JSON that names everything once', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(isRepeated(JSON.stringify(value))).toBe(false);
        expect(isRepeated(JSON.stringify(value, undefined, 2))).toBe(false);
      }),
      { numRuns: 5_000, seed: 20_240_808 },
    );
  });

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"b":2,"a":3}',
    '{"x":{"a":1,"a":2}}',
    '[[{"a":"b","a":{}}]]',
    '{"a":1,"\\u0061":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"a":{"b":"c"},"a":{"b":"c"}}',
  ])('finds the name that stands twice in %s', (text) => {
    expect(isRepeated(text)).toBe(true);
  });

  it.each([
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a\\"":"\\\\","b":"\\"\\\\\\""}',
    '""',
    '1',
    'null',
  ])('finds none in %s', (text) => {
    expect(isRepeated(text)).toBe(false);
  });

  it('takes any depth', () => {
    const depth = 200_000;
    expect(isRepeated(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)).toBe(false);
  });
});
