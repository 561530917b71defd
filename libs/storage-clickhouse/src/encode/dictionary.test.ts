import { describe, expect, it } from '@jest/globals';
import { type Texts, textsByCode, textsOf } from './dictionary.js';

function expand({ values, indices }: Texts): (string | undefined)[] {
  return Array.from(indices, (index) => values[index]);
}

describe('textsOf', () => {
  it('numbers each text once, in the order of its first appearance', () => {
    const texts = textsOf(['b', 'a', 'b', 'c']);
    expect(texts.values).toEqual(['b', 'a', 'c']);
    expect(expand(texts)).toEqual(['b', 'a', 'b', 'c']);
  });

  it.each([
    [128, Int8Array],
    [129, Int16Array],
    [32_768, Int16Array],
    [32_769, Int32Array],
  ])('needs no wider index for %i texts than %p', (count, type) => {
    const rows = Array.from({ length: count }, (_, row) => `text ${row}`);
    const texts = textsOf(rows);
    expect(texts.indices).toBeInstanceOf(type);
    expect(expand(texts)).toEqual(rows);
  });
});

describe('textsByCode', () => {
  it('makes one text of codes that mean the same', () => {
    const texts = textsByCode(['BINANCE', 'OANDA', 'BINANCE'], Int32Array.of(2, 1, 0, 2));
    expect(texts.values).toEqual(['BINANCE', 'OANDA']);
    expect(expand(texts)).toEqual(['BINANCE', 'OANDA', 'BINANCE', 'BINANCE']);
  });
});
