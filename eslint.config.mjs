import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier/flat';
import * as jsonc from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';
import { nonNullReason } from './tools/eslint/non-null-reason.mjs';

const TESTS = ['**/*.test.ts'];
const CONFIGURATION = ['**/*.config.{ts,js,mjs}', 'tools/ci/bundle-programs.mjs'];
/** Code that is not shipped to run against a venue: it may use the simulators of `*\/testing`. */
const NOT_PRODUCTION = [
  ...TESTS,
  'libs/*/src/{fixtures,testing}/**',
  'apps/*/src/{demo,reconcile,replay,testing}/**',
  'infrastructure/**',
  'tools/**',
  'examples/**',
];

const NODE_GLOBALS = Object.fromEntries(
  Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']),
);

const BROWSER_GLOBALS = Object.fromEntries(
  ['document', 'EventSource', 'getComputedStyle', 'matchMedia', 'Option'].map((name) => [name, 'readonly']),
);

/** Found at run time by a name that is put together, so no import tells that they are used. */
const LOADED_BY_NAME = [
  '@chdb/lib-darwin-arm64',
  '@chdb/lib-darwin-x64',
  '@chdb/lib-linux-arm64-gnu',
  '@chdb/lib-linux-x64-gnu',
  'lightweight-charts',
];

const scope = (name, ...allowed) => ({
  sourceTag: `scope:${name}`,
  onlyDependOnLibsWithTags: allowed.map((other) => `scope:${other}`),
});
const LAYERS = ['schemas', 'core', 'venue', 'storage', 'embedded', 'runtime'];
const boundaries = (storageMayUse, allow = []) => [
  'error',
  {
    allow,
    depConstraints: [
      scope('schemas'),
      scope('core', 'schemas'),
      scope('venue', 'schemas', 'core'),
      scope('storage', ...storageMayUse),
      scope('embedded'),
      scope('runtime', 'schemas', 'core', 'storage', 'embedded'),
      scope('app', ...LAYERS),
      scope('examples', ...LAYERS),
      scope('infrastructure', 'app', ...LAYERS),
      scope('tools', ...LAYERS),
    ],
    // An import() of a library does not forbid a static one elsewhere.
    checkDynamicDependenciesExceptions: ['.*'],
  },
];

/** What only tests import is a devDependency, of the project or of the workspace, and is not looked at here. */
const dependencies = (...testsOnly) => [
  'error',
  {
    buildTargets: ['build', 'typecheck'],
    ignoredDependencies: LOADED_BY_NAME,
    ignoredFiles: testsOnly.map((files) => `{projectRoot}/${files}`),
  },
];

const TESTING = {
  regex: '(^@autotrader/[^/]+|^\\.{1,2}(/.*)?)/testing(/|$)',
  message: 'What is under testing/ is for tests, demos and examples, never for production code.',
};
const NAMED_EXPORTS = [
  {
    selector: ':matches(ExportDefaultDeclaration, ExportSpecifier[exported.name="default"])',
    message: 'Export by name.',
  },
  { selector: 'ExportAllDeclaration', message: 'List what is exported, by name.' },
];
const TESTING_LOADED = {
  selector: `ImportExpression[source.value=/${TESTING.regex.replaceAll('/', '\\/')}/]`,
  message: TESTING.message,
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/out-tsc/', '**/node_modules/', '**/data/', '.nx/'] },
  // Nothing is silenced from inside a file: a rule is changed here, for all.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,js,mjs}'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx, autotrader: { rules: { 'non-null-reason': nonNullReason } } },
    rules: {
      eqeqeq: 'error',
      'no-restricted-imports': ['error', { patterns: [TESTING] }],
      'no-restricted-syntax': ['error', ...NAMED_EXPORTS, TESTING_LOADED],
      'max-lines': ['error', 300],
      '@nx/enforce-module-boundaries': boundaries(['schemas', 'core']),
      'autotrader/non-null-reason': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off', // non-null-reason takes its place
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/require-await': 'off',
      // Wrong where a variable changes while something is awaited, or under a callback.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Wrong for what Node itself hands over by a wider type: the Duplex of an upgrade is a Socket.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      '@typescript-eslint/prefer-optional-chain': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-exports': [
        'error',
        { fixMixedExportsWithInlineTypeSpecifier: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  {
    files: NOT_PRODUCTION,
    rules: { 'no-restricted-imports': 'off', 'no-restricted-syntax': ['error', ...NAMED_EXPORTS] },
  },
  { files: CONFIGURATION, rules: { 'no-restricted-syntax': 'off' } },
  {
    files: TESTS,
    rules: {
      'max-lines': 'off',
      'autotrader/non-null-reason': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // What a matcher or JSON.parse returns is any, and the expectation is the check.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['libs/storage-*/**/*.test.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries(['schemas', 'core', 'venue', 'embedded']) },
  },
  {
    // What is checked there is a whole program: what it exports, and its demo.
    files: ['infrastructure/**/*.ts', 'tools/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(
        ['schemas', 'core'],
        ['@autotrader/ingestor/*', '@autotrader/backfill/*'],
      ),
    },
  },
  {
    // Dashboards of Grafana's first format, which every version of it reads.
    files: ['infrastructure/grafana/*.ts'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false }, globals: NODE_GLOBALS },
    rules: { 'no-undef': 'error' },
  },
  {
    // They run in a browser, and import each other by their addresses.
    files: ['apps/ingestor/src/page/static/*.js'],
    languageOptions: { globals: BROWSER_GLOBALS },
  },
  { files: ['**/*.generated.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['{libs,apps}/*/package.json'],
    plugins: { '@nx': nx },
    languageOptions: { parser: jsonc },
    rules: { '@nx/dependency-checks': dependencies(...TESTS) },
  },
  {
    // Their testing/ is not exported: it serves their own tests only.
    files: ['libs/{embedded,storage}-clickhouse/package.json', 'apps/*/package.json'],
    rules: { '@nx/dependency-checks': dependencies(...TESTS, 'src/testing/**') },
  },
  prettier,
);
