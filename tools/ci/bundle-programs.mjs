/**
 * Before the tests: bundles the programs that they start, again and again, into files that Node loads in a quarter of the time that it takes to
 * load and transpile the sources of each. `programArguments` of connector-core's testing looks there.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAMS = [
  'apps/backfill/src/main.ts',
  'apps/ingestor/src/demo/main.ts',
  'apps/ingestor/src/main.ts',
  'apps/ingestor/src/replay/main.ts',
  'apps/ingestor/src/reread/main.ts',
  'libs/runtime/src/fixtures/crash.ts',
  'libs/storage-clickhouse/src/cli.ts',
  'libs/storage-clickhouse/src/spool-cli.ts',
  'libs/storage-clickhouse/src/testing/replay-child.ts',
  'libs/storage-clickhouse/src/testing/spool-child.ts',
  'libs/storage-clickhouse/src/testing/storing-child.ts',
  'tools/chaos/collector.ts',
  'tools/chaos/main.ts',
];
/** Files are looked for beside the sources, wherever the bundle is. */
const urlOfSource = {
  name: 'url-of-source',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const url = JSON.stringify(pathToFileURL(path).href);
      return { loader: 'ts', contents: source.replaceAll('import.meta.url', url) };
    }),
};

/** For jest's `globalSetup`. */
export default async function bundlePrograms() {
  // Inside the workspace, so that what is not bundled is found by its name.
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.programs-'));
  chmodSync(folder, 0o755); // a test runs one as somebody else
  process.env.AUTOTRADER_PROGRAMS = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    absWorkingDir: ROOT,
    entryPoints: PROGRAMS,
    outdir: folder,
    outbase: ROOT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    conditions: ['@autotrader/source'],
    external: ['@chdb/*', '@aws-sdk/*', '@napi-rs/*'],
    plugins: [urlOfSource],
    banner: {
      js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(${JSON.stringify(pathToFileURL(join(ROOT, 'package.json')).href)});`,
    },
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
}
