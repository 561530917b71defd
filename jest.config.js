/** One jest for the workspace: `npx jest libs/schemas` runs one project's tests. */
export default {
  rootDir: import.meta.dirname ?? new URL('.', import.meta.url).pathname,
  roots: [
    '<rootDir>/libs',
    '<rootDir>/apps',
    '<rootDir>/infrastructure',
    '<rootDir>/tools',
    '<rootDir>/examples',
  ],
  globalSetup: '<rootDir>/tools/ci/bundle-programs.mjs',
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  // Many tests start real servers and processes: a machine with other work to do needs patience.
  testTimeout: 30_000,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@autotrader/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
      },
    ],
  },
};
