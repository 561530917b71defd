import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineSplitter } from './line-splitter.js';

/** The lines of these chunks, the rest at the end included. */
function linesOf(chunks: readonly Buffer[], mostBytes = 1_000): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter(mostBytes, (line) => lines.push(line.toString('latin1')));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

/** The bytes in pieces that end at these places. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe('the splitter', () => {
  it('gives the same lines however the bytes come in chunks', () => {
    const line = fc.string({ maxLength: 30, unit: fc.constantFrom('a', '{', '"', 'é', '\r') });
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, places) => {
        const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(''));
        const expected = lines.map((each) => Buffer.from(each).toString('latin1'));
        expect(linesOf(cutAt(bytes, places))).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('hands on what there is of a last line', () => {
    expect(linesOf([Buffer.from('whole\nha'), Buffer.from('lf')])).toEqual(['whole', 'half']);
    expect(linesOf([Buffer.from('whole\n')])).toEqual(['whole']);
  });

  it('hands on the beginning of a line that is too long, one byte more than is allowed, and skips the rest', () => {
    const text = `${'x'.repeat(50)}\nnext\n`;
    const places = Array.from({ length: 60 }, (_, index) => index);
    for (const chunks of [[Buffer.from(text)], cutAt(Buffer.from(text), places)])
      expect(linesOf(chunks, 10)).toEqual(['x'.repeat(11), 'next']);
    expect(linesOf([Buffer.from('x'.repeat(50))], 10)).toEqual(['x'.repeat(11)]);
    expect(linesOf([Buffer.from(`${'x'.repeat(10)}\n`)], 10)).toEqual(['x'.repeat(10)]);
  });
});
