import { describe, expect, it } from '@jest/globals';
import type { Field } from 'apache-arrow';
import { z } from 'zod';
import { Depth } from '../depth.js';
import { Gap } from '../gap.js';
import { OHLCV } from '../ohlcv.js';
import { Tick } from '../tick.js';
import { toArrowSchema } from './arrow-schema.js';

type Column = readonly [name: string, type: string, isNullable: boolean];

const TEXT = 'Dictionary<Int32, Utf8>';
const TIME = 'Timestamp<MICROSECOND, UTC>';
const LEVELS = 'List<Struct<{price:Float64, size:Float64}>>';

const common: readonly Column[] = [
  ['venue', TEXT, false],
  ['symbol', TEXT, false],
  ['venue_symbol', TEXT, false],
  ['asset_class', TEXT, false],
  ['stream', TEXT, false],
  ['timestamp', TIME, false],
  ['received_at', TIME, false],
  ['sequence_id', 'Uint64', true],
];

const events: readonly (readonly [string, z.ZodType, readonly Column[]])[] = [
  [
    'Tick',
    Tick,
    [
      ['kind', TEXT, false],
      ['price', 'Float64', false],
      ['size', 'Float64', false],
      ['side', TEXT, false],
      ['bid', 'Float64', true],
      ['ask', 'Float64', true],
      ['bid_size', 'Float64', true],
      ['ask_size', 'Float64', true],
      ['condition', TEXT, true],
      ['content_id', 'Uint64', true],
    ],
  ],
  [
    'Depth',
    Depth,
    [
      ['first_sequence_id', 'Uint64', true],
      ['is_snapshot', 'Bool', false],
      ['bids', LEVELS, false],
      ['asks', LEVELS, false],
    ],
  ],
  [
    'OHLCV',
    OHLCV,
    [
      ['interval', TEXT, false],
      ['price_type', TEXT, false],
      ['open_time', TIME, false],
      ['open', 'Float64', false],
      ['high', 'Float64', false],
      ['low', 'Float64', false],
      ['close', 'Float64', false],
      ['volume', 'Float64', false],
      ['trades', 'Uint64', true],
      ['vwap', 'Float64', true],
      ['is_closed', 'Bool', false],
      ['adjustment', 'Dictionary<Int32, Utf8>', true],
    ],
  ],
  [
    'Gap',
    Gap,
    [
      ['from_sequence', 'Uint64', true],
      ['to_sequence', 'Uint64', true],
      ['from_time', TIME, false],
      ['to_time', TIME, false],
      ['cause', TEXT, false],
      ['healed_at', TIME, true],
    ],
  ],
];

describe('toArrowSchema', () => {
  it.each(events)('gives %s its columns', (_name, schema, own) => {
    const columns = toArrowSchema(schema).fields.map((field) => [
      field.name,
      String(field.type),
      field.nullable,
    ]);
    expect(columns).toEqual([...common, ...own]);
  });

  it('gives each text column a dictionary of its own', () => {
    const ids = [...toArrowSchema(Tick).dictionaries.keys()];
    expect(new Set(ids).size).toBe(8);
  });

  it('never lets a level, or a part of it, be null', () => {
    const levels = toArrowSchema(Depth).fields.find((field) => field.name === 'bids');
    const level: Field | undefined = levels?.type.children?.[0];
    const parts: readonly Field[] = level?.type.children ?? [];
    expect([level, ...parts].map((field) => field?.nullable)).toEqual([false, false, false]);
  });

  it('refuses a schema that is not an object', () => {
    expect(() => toArrowSchema(z.string())).toThrow('only an object schema has columns');
  });

  it('refuses a property that has no column type, and names it', () => {
    const schema = z.object({ price: z.number(), when: z.date() });
    expect(() => toArrowSchema(schema)).toThrow(new TypeError('when: no column type for date'));
  });
});
