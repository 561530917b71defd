import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Depth } from './depth.js';
import { Gap } from './gap.js';
import { toJsonSchema } from './json-schema.js';
import { MarketEvent } from './market-event.js';
import { OHLCV } from './ohlcv.js';
import { Tick } from './tick.js';

type Json = z.core.JSONSchema.BaseSchema;

const common = [
  ...['type', 'venue', 'symbol', 'venueSymbol', 'assetClass', 'stream', 'timestamp', 'receivedAt'],
  'sequenceId',
];

const schemas: readonly (readonly [string, z.ZodType, readonly string[], readonly string[]])[] = [
  [
    'tick',
    Tick,
    [
      ...[...common, 'kind', 'price', 'size', 'side', 'bid', 'ask', 'bidSize', 'askSize'],
      ...['condition', 'contentId'],
    ],
    ['sequenceId', 'bid', 'ask', 'bidSize', 'askSize', 'condition', 'contentId'],
  ],
  [
    'depth',
    Depth,
    [...common, 'firstSequenceId', 'isSnapshot', 'bids', 'asks'],
    ['sequenceId', 'firstSequenceId'],
  ],
  [
    'bar',
    OHLCV,
    [
      ...[...common, 'interval', 'priceType', 'openTime', 'open', 'high', 'low', 'close', 'volume'],
      ...['trades', 'vwap', 'isClosed', 'adjustment'],
    ],
    ['sequenceId', 'trades', 'vwap', 'adjustment'],
  ],
  [
    'gap',
    Gap,
    [...common, 'fromSequence', 'toSequence', 'fromTime', 'toTime', 'cause', 'healedAt'],
    ['sequenceId', 'fromSequence', 'toSequence', 'healedAt'],
  ],
];

/** The keywords of draft 2020-12 that the canonical schemas need; any other would be ours by mistake. */
const KEYWORDS = new Set([
  ...['$schema', 'type', 'const', 'enum', 'pattern', 'minLength', 'minimum', 'maximum', 'description'],
  ...['readOnly', 'properties', 'required', 'additionalProperties', 'items', 'oneOf'],
]);

function* nodesOf(node: Json): Generator<Json> {
  yield node;
  const inner = [...Object.values(node.properties ?? {}), node.items, ...(node.oneOf ?? [])];
  for (const child of inner) if (typeof child === 'object' && !Array.isArray(child)) yield* nodesOf(child);
}

describe.each(schemas)('the JSON Schema of %s', (type, schema, properties, optional) => {
  const json = toJsonSchema(schema);

  it('is an object of draft 2020-12 whose type is a constant', () => {
    expect(json).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { type: { type: 'string', const: type } },
    });
  });

  it('has the properties of the event, and requires those that are not optional', () => {
    expect(Object.keys(json.properties ?? {})).toEqual(properties);
    expect(json.required).toEqual(properties.filter((name) => !optional.includes(name)));
  });

  it('describes every property', () => {
    const undescribed = Object.entries(json.properties ?? {}).filter(
      ([name, property]) => name !== 'type' && !(property as Json).description,
    );
    expect(undescribed).toEqual([]);
  });

  it('holds nothing but keywords of JSON Schema: how we store a value is no part of it', () => {
    const keywords = [...nodesOf(json)].flatMap((node) => Object.keys(node));
    expect(keywords.filter((keyword) => !KEYWORDS.has(keyword))).toEqual([]);
  });

  it('is one for writers and readers, but that readers find no unknown property', () => {
    const [input, output] = (['input', 'output'] as const).map((io) =>
      JSON.stringify(z.toJSONSchema(schema, { io })),
    );
    expect(output?.replaceAll(',"additionalProperties":false', '')).toBe(input);
  });
});

describe('toJsonSchema', () => {
  it('says what a value must be', () => {
    expect(toJsonSchema(Tick).properties).toMatchObject({
      venue: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$' },
      assetClass: { type: 'string', enum: ['EQUITY', 'CRYPTO', 'FOREX', 'COMMODITY', 'INDEX'] },
      timestamp: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      price: { type: 'number' },
      size: { type: 'number', minimum: 0 },
      side: { type: 'string', enum: ['BUY', 'SELL', 'UNKNOWN'], description: 'the aggressor' },
    });
  });

  it('describes the levels of a book', () => {
    expect(toJsonSchema(Depth).properties?.['bids']).toMatchObject({
      type: 'array',
      items: { type: 'object', required: ['price', 'size'] },
    });
  });

  it('makes the union of events a choice of four', () => {
    expect(toJsonSchema(MarketEvent).oneOf).toHaveLength(4);
  });

  it('throws for a schema that JSON Schema cannot express', () => {
    expect(() => toJsonSchema(z.bigint())).toThrow(Error);
  });
});
