/**
 * Bundles an app into its dist/: one file of plain JavaScript with everything it imports, and what it reads at run time beside it.
 * That folder is all that its container needs beside Node: `node tools/ci/bundle.mjs ingestor`.
 */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/** Compiled code that cannot be bundled goes beside it, as packages; the ClickHouse that can be embedded stays out. */
const NATIVE = { ingestor: [], backfill: ['@napi-rs/lzma'] };
/** What `require` must find in code that was CommonJS. */
const BANNER = `import { createRequire as autotraderRequire } from 'node:module'; const require = autotraderRequire(import.meta.url);`;

const [app] = process.argv.slice(2);
if (!(app in NATIVE)) {
  console.error(`usage: node tools/ci/bundle.mjs ${Object.keys(NATIVE).join('|')}`);
  process.exit(1);
}
const from = join(ROOT, 'apps', app);
const to = join(from, 'dist');
await rm(to, { recursive: true, force: true });
await mkdir(to, { recursive: true });
await build({
  absWorkingDir: from,
  entryPoints: ['src/main.ts'],
  outfile: join(to, 'main.js'),
  bundle: true,
  conditions: ['@autotrader/source'],
  external: ['@chdb/*', '@aws-sdk/*', ...NATIVE[app]],
  format: 'esm',
  platform: 'node',
  target: 'node20',
  banner: { js: BANNER },
  sourcemap: true,
  logLevel: 'warning',
});
await writeFile(join(to, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
if (app === 'ingestor') {
  await cp(join(from, 'src/page/static'), join(to, 'static'), { recursive: true });
  const charts = join(dirname(require.resolve('lightweight-charts/package.json')), 'dist');
  await cp(
    join(charts, 'lightweight-charts.standalone.production.mjs'),
    join(to, 'static/lightweight-charts.js'),
  );
}
for (const name of NATIVE[app]) await copyPackage(name);

/** With the packages it needs on this machine, as far as they are installed. */
async function copyPackage(name) {
  const manifest = join(ROOT, 'node_modules', name, 'package.json');
  const { dependencies = {}, optionalDependencies = {} } = require(manifest);
  await cp(dirname(manifest), join(to, 'node_modules', name), { recursive: true, dereference: true });
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const isThere = await copyPackage(needed).then(
      () => true,
      () => false,
    );
    if (!isThere && needed in dependencies)
      throw new Error(`${name} needs ${needed}, which is not installed`);
  }
}
