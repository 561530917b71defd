import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/**
 * Arguments of Node that run a TypeScript program of a workspace: from source; or, where a test run has bundled it, from the bundle, which
 * starts in a quarter of the time. The bundles are in the folder that `AUTOTRADER_PROGRAMS` names, two below the root of the workspace, each at
 * the path that its source has from there.
 * @param entry of the program, an absolute path, or one from the working directory.
 */
export function programArguments(entry: string): string[] {
  const bundles = process.env['AUTOTRADER_PROGRAMS'];
  if (bundles !== undefined) {
    const path = relative(join(bundles, '../..'), resolve(entry));
    const bundle = join(bundles, path.replace(/\.ts$/, '.mjs'));
    if (existsSync(bundle)) return [bundle];
  }
  return ['--conditions=@autotrader/source', '--import', 'tsx', entry];
}
