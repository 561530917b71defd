import { resolve } from 'node:path';

/** A path as the user meant it: relative to the folder they called from, which a task runner has left since. */
export function userPath(path: string): string {
  const isTask = process.env['NX_TASK_TARGET_PROJECT'] !== undefined;
  return resolve((isTask ? process.env['INIT_CWD'] : undefined) ?? process.cwd(), path);
}
