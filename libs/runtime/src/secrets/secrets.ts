import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UserError } from '../user-error.js';

/** Where secrets are: by name, `undefined` where there is none. */
export type Secrets = (name: string) => string | undefined;

/**
 * Secrets of the environment: `NAME`, or the file that `NAME_FILE` names, as container platforms mount them (a line
 * break at its end is not part of the secret).
 * @throws UserError when both are set, or the file cannot be read or is empty; the secret is not in the message.
 */
export function secretsOf(environment: NodeJS.ProcessEnv): Secrets {
  return (name) => {
    const value = environment[name];
    const file = environment[`${name}_FILE`];
    if (file === undefined || file === '') return value === '' ? undefined : value;
    if (value !== undefined && value !== '')
      throw new UserError(`${name} and ${name}_FILE are both set: unset one of them`);
    return contentOf(file, name);
  };
}

/**
 * An environment with what the `.env` of a folder says, where there is one; what is set already stands.
 * @throws UserError when it cannot be read.
 */
export function withDotEnv(folder: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const file = join(folder, '.env');
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')), ...environment };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return environment;
    throw new UserError(`${file}: cannot be read (${code ?? 'unknown'})`);
  }
}

function contentOf(file: string, name: string): string {
  let content: string;
  try {
    content = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UserError(`${name}_FILE: ${file} cannot be read (${reason})`);
  }
  if (content === '') throw new UserError(`${name}_FILE: ${file} is empty`);
  return content;
}
