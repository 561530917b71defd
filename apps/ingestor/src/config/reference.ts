import { z } from 'zod';
import { Config } from './schema.js';
import { SECRETS } from './secrets.js';

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
    '## Secrets',
    '',
    'They stand in no file of ours. Each is taken from the variable of its name; or from the file that `NAME_FILE` names, as containers mount them;',
    'or from `.env` in the folder it is started in. What is there may be the secret itself, or where it is kept: `vault://MOUNT/PATH#KEY` (HashiCorp',
    'Vault, key-value version 2, with `VAULT_ADDR` and `VAULT_TOKEN`) or `aws-sm://NAME#KEY` (AWS Secrets Manager, with',
    '`npm install @aws-sdk/client-secrets-manager`). It is read once, at the start, and is in no log line, error or crash.',
    '',
    '| variable | what it is |',
    '| --- | --- |',
    ...Object.entries(SECRETS).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`),
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
