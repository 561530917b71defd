import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeBatch } from '../encode/encode-batch.js';
import { tickBatch, trades } from '../testing/batches.js';
import { decodeRecord, encodeHead, encodeRecord, newFileId, parseHead, recordLength } from './format.js';

const batch = { ...encodeBatch(tickBatch(trades(0, 5))), acceptedAt: 1_795_385_101_123 };
const record = Buffer.concat(encodeRecord(batch));

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

describe('a record', () => {
  it('is read as the batch it was written from, byte by byte', () => {
    expect(recordLength(record)).toBe(record.length);
    const read = decodeRecord(record);
    expect({ ...read, bytes: undefined }).toEqual({ ...batch, bytes: undefined });
    expect(Buffer.from(read?.bytes ?? []).equals(batch.bytes)).toBe(true);
  });

  it('with any bit changed is none', () => {
    fc.assert(
      fc.property(fc.nat(record.length * 8 - 1), (bit) => {
        expect(decodeRecord(flipped(record, bit))).toBeUndefined();
      }),
    );
  });

  it('that is longer or shorter than it says is none', () => {
    fc.assert(
      fc.property(fc.nat(record.length - 1), (length) => {
        expect(decodeRecord(record.subarray(0, length))).toBeUndefined();
      }),
    );
    expect(decodeRecord(Buffer.concat([record, Buffer.of(0)]))).toBeUndefined();
  });

  it('whole, but for a table that this version does not know, is of another version', () => {
    const other = Buffer.concat(encodeRecord({ ...batch, table: 'trade_raw' as 'tick_raw' }));
    expect(() => decodeRecord(other)).toThrow(RangeError);
  });
});

describe('the head of a file', () => {
  const id = newFileId();
  const head = encodeHead(id);

  it('tells the file by its id', () => {
    expect(parseHead(head)).toEqual({ version: 1, id });
    expect(newFileId()).not.toBe(id);
  });

  it('with any bit changed is none', () => {
    for (let bit = 0; bit < head.length * 8; bit++) expect(parseHead(flipped(head, bit))).toBeUndefined();
  });
});
