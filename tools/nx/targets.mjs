/**
 * Gives every project its targets, so that a project holds only package.json, tsconfig.json, src/ and
 * README.md. `nx.targets` in a project's package.json adds further ones, or changes these.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @type {import('@nx/devkit').CreateNodes} */
export const createNodes = [
  '{libs/*,apps/*,infrastructure,tools,examples}/package.json',
  (files, _options, { workspaceRoot }) =>
    files.map((file) => {
      const root = dirname(file);
      const manifest = JSON.parse(readFileSync(join(workspaceRoot, file), 'utf8'));
      return [file, { projects: { [root]: projectOf(root, manifest) } }];
    }),
];

/** @returns {Omit<import('@nx/devkit').ProjectConfiguration, 'root'>} */
function projectOf(root, manifest) {
  const isLibrary = root.startsWith('libs/');
  const targets =
    isLibrary && manifest.exports ? { build, typecheck, lint, test } : { typecheck, lint, test };
  return { projectType: isLibrary ? 'library' : 'application', targets };
}

const build = {
  command: 'tsup --config ../../tsup.config.ts',
  options: { cwd: '{projectRoot}' },
  dependsOn: ['^build'],
  cache: true,
  inputs: ['production', '^production', '{workspaceRoot}/tsup.config.ts'],
  outputs: ['{projectRoot}/dist'],
};

const typecheck = {
  command: 'tsc --build',
  options: { cwd: '{projectRoot}' },
  dependsOn: ['^typecheck'],
  cache: true,
  inputs: ['default', '^default'],
  outputs: ['{projectRoot}/out-tsc'],
};

const lint = {
  command: 'eslint --max-warnings=0 .',
  options: { cwd: '{projectRoot}' },
  dependsOn: ['typecheck'],
  cache: true,
  inputs: ['default', '^default', '{workspaceRoot}/eslint.config.mjs', '{workspaceRoot}/tools/eslint/*'],
};

const test = {
  command: 'jest --passWithNoTests {projectRoot}/',
  options: {
    env: {
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      FORCE_COLOR: '0', // Nx forces colours, on the programs that tests start and read too
    },
  },
};
