import { describe, expect, it } from '@jest/globals';
import { findEngineLibrary } from './engine-library.js';

function absent(id: string): string {
  throw new Error(`Cannot find module '${id}'`);
}

describe('the engine library', () => {
  it.each([
    ['linux', 'x64', '@chdb/lib-linux-x64-gnu'],
    ['linux', 'arm64', '@chdb/lib-linux-arm64-gnu'],
    ['darwin', 'x64', '@chdb/lib-darwin-x64'],
    ['darwin', 'arm64', '@chdb/lib-darwin-arm64'],
  ])('of %s on %s is in %s', (platform, arch, name) => {
    expect(findEngineLibrary(platform, arch, (id) => `/modules/${id}`)).toBe(`/modules/${name}/libchdb.so`);
  });

  it.each([
    ['win32', 'x64'],
    ['linux', 'ia32'],
    ['freebsd', 'x64'],
  ])('does not exist for %s on %s, where the message names the alternative', (platform, arch) => {
    expect(() => findEngineLibrary(platform, arch)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_PLATFORM',
        message: `Embedded ClickHouse runs on Linux (glibc) and macOS, x64 and arm64, not on ${platform}-${arch}: point the ingestor at a ClickHouse server by its URL instead (clickhouse.url in the config)`,
      }),
    );
  });

  it('says how to install the package that is missing', () => {
    expect(() => findEngineLibrary('linux', 'x64', absent)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_PLATFORM',
        message: expect.stringMatching(/^@chdb\/lib-linux-x64-gnu is not installed: .*clickhouse\.url/),
      }),
    );
  });
});
