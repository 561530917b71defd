import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Snippet {
  readonly name: string;
  readonly file: string;
  readonly code: string;
  /** The rule that must be broken: null for ESLint itself, undefined if none may be. */
  readonly breaks?: string | null;
  readonly says?: string;
}

const SCHEMAS = 'libs/schemas/src/index.ts';
const CORE = 'libs/connector-core/src/index.ts';
const VENUE = 'libs/connector-binance/src/index.ts';
const STORAGE = 'libs/storage-clickhouse/src/index.ts';
const STORAGE_TEST = firstTestOf('libs/storage-clickhouse/src');
const EMBEDDED = 'libs/embedded-clickhouse/src/index.ts';
const DEMO = 'apps/ingestor/src/demo/main.ts';

const BOUNDARY = '@nx/enforce-module-boundaries';
const DEPENDENCIES = '@nx/dependency-checks';

const snippets: readonly Snippet[] = [
  ...crossing('schemas', SCHEMAS, 'connector-core'),
  ...crossing('the core', CORE, 'connector-binance', 'storage-clickhouse', 'embedded-clickhouse'),
  ...crossing('a venue', VENUE, 'storage-clickhouse', 'embedded-clickhouse'),
  ...crossing('storage', STORAGE, 'connector-binance', 'embedded-clickhouse'),
  ...crossing('embedded', EMBEDDED, 'schemas'),
  ...['../../schemas/src/index.js', '../../../apps/ingestor/src/main.js'].map((path) => ({
    name: `a library may not import another project by its path, ${path}`,
    file: VENUE,
    code: `import '${path}';`,
    breaks: BOUNDARY,
  })),
  {
    name: 'a test of storage may use the venue and the embedded server',
    file: STORAGE_TEST,
    code: `import '@autotrader/connector-binance/testing';\nimport '@autotrader/embedded-clickhouse';\n`,
  },
  {
    name: 'the demo may use the simulator',
    file: DEMO,
    code: `import '@autotrader/connector-binance/testing';\n`,
  },
  {
    name: 'what is under testing/ may use what is under testing/ of another library',
    file: 'libs/connector-binance/src/testing/index.ts',
    code: `import '@autotrader/connector-core/testing';\n`,
  },
  ...[`import '@autotrader/connector-core/testing';`, `import './testing/index.js';`].map((code) => ({
    name: `production code may not say: ${code}`,
    file: VENUE,
    code,
    breaks: 'no-restricted-imports',
    says: 'never for production code',
  })),
  {
    name: 'production code may not load what is under testing/ at run time either',
    file: VENUE,
    code: `await import('@autotrader/connector-core/testing');`,
    breaks: 'no-restricted-syntax',
    says: 'never for production code',
  },
  {
    name: 'a dependency that nothing imports is reported',
    file: 'libs/schemas/package.json',
    code: manifest('libs/schemas', (dependencies) => ({ ...dependencies, ws: '^8.23.0' })),
    breaks: DEPENDENCIES,
    says: 'The "ws" package is not used by "schemas" project.',
  },
  {
    name: 'an imported package that is not a dependency is reported',
    file: 'libs/schemas/package.json',
    code: manifest('libs/schemas', ({ zod: _, ...others }) => others),
    breaks: DEPENDENCIES,
    says: 'missing from "dependencies":\n    - zod',
  },
  ...style('no default export', 'export default 1;', 'no-restricted-syntax'),
  ...style('no renaming to default', 'const one = 1;\nexport { one as default };', 'no-restricted-syntax'),
  ...style('no export of everything', `export * from './tick.js';`, 'no-restricted-syntax'),
  ...style('no any', 'export const x = (y: any): number => 1;', '@typescript-eslint/no-explicit-any'),
  ...style('no unexplained non-null', 'export const x = (y?: 1) => y!;', 'autotrader/non-null-reason'),
  {
    name: 'a non-null assertion with its reason beside it passes',
    file: CORE,
    code: 'export const x = (y: number[]): number => y[0]!; // never empty: made by split()\n',
  },
  ...style(
    'no promise left alone',
    'export const x = (y: Promise<void>): void => {\n  y;\n};',
    '@typescript-eslint/no-floating-promises',
  ),
  ...style(
    'no promise where none is awaited',
    'export const x = (): void => {\n  [1].forEach(async () => Promise.resolve());\n};',
    '@typescript-eslint/no-misused-promises',
  ),
  ...style(
    'types are imported as types',
    `import { Server } from 'node:http';\nexport const x = (y: Server): Server => y;`,
    '@typescript-eslint/consistent-type-imports',
  ),
  ...style(
    'a switch names every case',
    `export function x(y: 'a' | 'b'): void {\n  switch (y) {\n    case 'a':\n      break;\n  }\n}`,
    '@typescript-eslint/switch-exhaustiveness-check',
  ),
  ...style('no @ts-ignore', '// @ts-ignore\nexport const x = 1;', '@typescript-eslint/ban-ts-comment'),
  ...style('no rule silenced in a file', '// eslint-disable-next-line eqeqeq\nexport const x = 1;', null),
  ...style('no file of more than 300 lines', `export const x = 1;\n${'// line\n'.repeat(300)}`, 'max-lines'),
];

let messages: readonly (readonly { ruleId: string | null; message: string }[])[];

beforeAll(() => {
  const output = execFileSync(process.execPath, ['tools/ci/lint-snippets.mjs'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    input: JSON.stringify(snippets),
  });
  messages = JSON.parse(output) as typeof messages;
}, 180_000);

test.each(snippets.map((snippet, index) => ({ ...snippet, index })))('$name', ({ breaks, says, index }) => {
  const found = messages[index] ?? [];
  const broken = found.filter(({ ruleId, message }) => ruleId === breaks && message.includes(says ?? ''));
  if (breaks === undefined) expect(found).toEqual([]);
  else expect({ found, broken: broken.length > 0 }).toEqual({ found, broken: true });
});

function crossing(who: string, file: string, ...others: string[]): Snippet[] {
  return others.map((other) => ({
    name: `${who} may not import ${other}`,
    file,
    code: `import '@autotrader/${other}';`,
    breaks: BOUNDARY,
  }));
}

function style(name: string, code: string, breaks: string | null): Snippet[] {
  return [{ name, file: CORE, code, breaks }];
}

function manifest(
  project: string,
  change: (dependencies: Record<string, string>) => Record<string, string>,
): string {
  const content = JSON.parse(readFileSync(`${root}${project}/package.json`, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return JSON.stringify({ ...content, dependencies: change(content.dependencies) }, null, 2);
}

function firstTestOf(folder: string): string {
  const files = readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' });
  const file = files.find((name) => name.endsWith('.test.ts'));
  if (file === undefined) throw new Error(`${folder} has no test`);
  return `${folder}/${file}`;
}
