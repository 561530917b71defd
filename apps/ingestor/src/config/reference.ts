import { z } from 'zod';
import { Config } from './schema.js';

type JsonSchema = z.core.JSONSchema.BaseSchema;

interface Setting {
  readonly path: string;
  readonly type: string;
  readonly fallback: string;
  readonly meaning: string;
}

/** The config reference as Markdown, made from the schema that checks the file. */
export function configReference(): string {
  const rows = settings(z.toJSONSchema(Config, { io: 'input' }), '').map(
    ({ path, type, fallback, meaning }) => `| \`${path}\` | ${type} | ${fallback} | ${meaning} |`,
  );
  return [
    '# Configuration',
    '',
    'The ingestor reads one YAML file: `npx nx run ingestor:serve -- --config FILE`. Everything in it has a default.',
    'This page is made from the schema that checks the file (`npm run docs`).',
    '',
    '| setting | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '```yaml',
    EXAMPLE.trim(),
    '```',
    '',
  ].join('\n');
}

/** A file that sets what people set first; a test reads it. */
export const EXAMPLE = `
venues:
  binance:
    symbols: [BTCUSDT, ETHUSDT, SOLUSDT]
    streams: [trade, bookTicker, depth20]
clickhouse:
  url: http://localhost:8123
  username: ingestor
  password: secret
http:
  port: 8000
`;

function settings(schema: JsonSchema, path: string): Setting[] {
  if (schema.properties === undefined) return [setting(schema, path)];
  return Object.entries(schema.properties).flatMap(([name, property]) =>
    typeof property === 'boolean' ? [] : settings(property, path === '' ? name : `${path}.${name}`),
  );
}

function setting(schema: JsonSchema, path: string): Setting {
  const fallback = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
  return { path, type: typeOf(schema), fallback, meaning: schema.description ?? '' };
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(' ');
  if (schema.type === 'array') {
    const { items } = schema;
    return `list of ${items === undefined || typeof items === 'boolean' || Array.isArray(items) ? 'values' : typeOf(items)}`;
  }
  return String(schema.type);
}
