import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedClickHouseError } from './errors.js';

const alternative =
  'point the ingestor at a ClickHouse server by its URL instead (clickhouse.url in the config)';

const enginePackages: Readonly<Record<string, string>> = {
  'darwin-arm64': '@chdb/lib-darwin-arm64',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'linux-x64': '@chdb/lib-linux-x64-gnu',
};

/**
 * The engine's shared library for a machine.
 * @throws EmbeddedClickHouseError UNSUPPORTED_PLATFORM where there is none, or where it is not installed
 */
export function findEngineLibrary(
  platform: string = process.platform,
  arch: string = process.arch,
  resolve: (id: string) => string = createRequire(import.meta.url).resolve,
): string {
  const enginePackage = enginePackages[`${platform}-${arch}`];
  if (enginePackage === undefined) {
    throw new EmbeddedClickHouseError(
      'UNSUPPORTED_PLATFORM',
      `Embedded ClickHouse runs on Linux (glibc) and macOS, x64 and arm64, not on ${platform}-${arch}: ${alternative}`,
    );
  }
  try {
    return join(dirname(resolve(`${enginePackage}/package.json`)), 'libchdb.so');
  } catch (cause) {
    throw new EmbeddedClickHouseError(
      'UNSUPPORTED_PLATFORM',
      `${enginePackage} is not installed: run npm install without --omit=optional, or, where there is no glibc (Alpine), ${alternative}`,
      { cause },
    );
  }
}
