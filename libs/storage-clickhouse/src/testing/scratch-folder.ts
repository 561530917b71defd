import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';

/** Makes new folders for a test; they are gone after it. */
export function scratchFolders(): () => Promise<string> {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0))
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'storage-clickhouse-'));
    folders.push(folder);
    return folder;
  };
}
