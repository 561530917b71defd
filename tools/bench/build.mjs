import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const CACHE = 'node_modules/.cache/autotrader-bench';

/** What is measured and no package exports: bundled with the settings the packages are built with. */
const INTERNAL = {
  session: 'libs/connector-binance/src/session.ts',
  recording: 'apps/ingestor/src/record/recording.ts',
  config: 'apps/ingestor/src/config/schema.ts',
  backfill: 'apps/backfill/src/commands.ts',
  bi5: 'libs/connector-dukascopy/src/bi5.ts',
  ticks: 'libs/connector-dukascopy/src/normalize.ts',
  instruments: 'libs/connector-dukascopy/src/instruments.ts',
};

/**
 * Builds the libraries into their dist, where nx finds that something has changed, and bundles what is internal.
 * What is measured is what ships: plain JavaScript, other packages from their dist.
 * @throws Error in one line when something does not build.
 */
export async function buildMeasured(projectRoot, isToBuildLibraries) {
  if (isToBuildLibraries) {
    process.stderr.write('bench: building the libraries (npm run build: what has changed)\n');
    buildLibraries(projectRoot);
  }
  await build({
    absWorkingDir: projectRoot,
    entryPoints: INTERNAL,
    outdir: CACHE,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    target: 'node20',
    platform: 'node',
  });
}

/** Loads one of the internal modules. */
export function importInternal(projectRoot, name) {
  return import(pathToFileURL(join(projectRoot, CACHE, `${name}.mjs`)).href);
}

function buildLibraries(projectRoot) {
  try {
    execFileSync('npm', ['run', 'build'], {
      cwd: projectRoot,
      stdio: 'pipe',
      shell: process.platform === 'win32',
    });
  } catch {
    throw new Error(
      'the libraries do not build: see npm run build, or measure their dist as it is with --no-build',
    );
  }
}
