import { constants } from 'node:fs';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedClickHouseError, systemErrorCode } from './errors.js';

/** Makes the directory where it is missing. */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = systemErrorCode(cause) ?? String(cause);
    throw new EmbeddedClickHouseError(
      'DATA_DIR_NOT_WRITABLE',
      `The data directory ${dataDir} cannot be written (${reason}): choose another one, or let this user write there`,
      { cause },
    );
  }
}

export async function dataDirInUse(dataDir: string): Promise<EmbeddedClickHouseError> {
  const status = await readFile(join(dataDir, 'status'), 'utf8').catch(() => '');
  const pid = /^PID: (\d+)$/m.exec(status)?.[1];
  return new EmbeddedClickHouseError(
    'DATA_DIR_IN_USE',
    `The data directory ${dataDir} is in use by another ClickHouse${pid === undefined ? '' : ` (process ${pid})`}: stop that one, or choose another directory`,
  );
}
