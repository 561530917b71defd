/**
 * Builds the library in the current folder into dist/. Its package.json says what there is to build: each
 * export from its "@autotrader/source", each bin from the file of that name in src/. A plain .js file in src/
 * is a program of its own (found at run time by `new URL('./name.js', import.meta.url)`) and is copied.
 */
import { readFileSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { defineConfig } from 'tsup';

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly '@autotrader/source'?: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

const exported = Object.values(manifest.exports)
  .map((target) => (typeof target === 'string' ? undefined : target['@autotrader/source']))
  .filter((source) => source !== undefined);
const bins = Object.values(manifest.bin ?? {}).map((file) =>
  file.replace('/dist/', '/src/').replace(/\.js$/, '.ts'),
);

/** `./src/testing/index.ts` is built as `dist/testing/index.*`. */
const entries = (sources: readonly string[]) =>
  Object.fromEntries(sources.map((source) => [source.replace('./src/', '').replace(/\.ts$/, ''), source]));

export default defineConfig({
  entry: entries([...exported, ...bins]),
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  clean: true,
  sourcemap: true,
  shims: true,
  skipNodeModulesBundle: true,
  // One class is one class in every entry, in CommonJS too: `instanceof` holds across subpaths.
  splitting: true,
  // Types are read as a consumer reads them: from the built packages, not from their sources.
  dts: {
    entry: entries(exported),
    compilerOptions: { composite: false, incremental: false, customConditions: [] },
  },
  onSuccess: async () => {
    const files = await readdir('src', { recursive: true });
    const programs = files.filter((file) => file.endsWith('.js'));
    await Promise.all(programs.map((file) => cp(`src/${file}`, `dist/${file}`)));
  },
});
