import { type FileHandle, open } from 'node:fs/promises';

/** What the spool needs of a file that it appends to. */
export type AppendFile = Pick<FileHandle, 'writev' | 'datasync' | 'truncate' | 'close'>;

/** Makes a new file to append to; tests make one that fails. */
export type OpenAppendFile = (path: string) => Promise<AppendFile>;

export const openAppendFile: OpenAppendFile = (path) => open(path, 'wx');

/** Writes everything, however often it takes: the system may write less than it was asked to. */
export async function writeAll(
  file: Pick<FileHandle, 'writev'>,
  buffers: readonly Uint8Array[],
  position: number,
): Promise<void> {
  let left = buffers;
  let at = position;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left, at);
    at += bytesWritten;
    left = behind(left, bytesWritten);
  }
}

/** The buffers without their first bytes. */
function behind(buffers: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return buffers.flatMap((buffer) => {
    const rest = buffer.subarray(Math.min(skip, buffer.length));
    skip -= buffer.length - rest.length;
    return rest.length === 0 ? [] : [rest];
  });
}
