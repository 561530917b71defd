import { UserError } from '../user-error.js';
import { readAwsSecret } from './aws-secrets-manager.js';
import { secretsOf } from './secrets.js';
import { readVault } from './vault.js';

/** Where a secret is kept: `vault://MOUNT/PATH#KEY`, `aws-sm://NAME#KEY`. */
export interface SecretReference {
  readonly scheme: 'vault' | 'aws-sm';
  readonly path: string;
  /** Which part of it; `undefined`: all of it. */
  readonly key: string | undefined;
}

const REFERENCE = /^(vault|aws-sm):\/\/([^#]+)(?:#(.+))?$/;

/**
 * A secret: itself, or what the keeper has that it refers to.
 * @param name of the variable it stands in, for what is said of it.
 * @throws UserError in one line, without the secret.
 */
export async function resolveSecret(
  name: string,
  value: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const [, scheme, path = '', key] = REFERENCE.exec(value) ?? [];
  if (scheme === undefined) return value;
  const reference = { scheme: scheme as SecretReference['scheme'], path, key };
  try {
    return reference.scheme === 'vault'
      ? await readVault(reference, environment, secretsOf(environment))
      : await readAwsSecret(reference, environment);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${name}: ${value}: ${error.message}`);
    throw new UserError(`${name}: ${value} cannot be read (${reasonOf(error)})`);
  }
}

function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { code, name = '', message = '' } = cause as { code?: unknown; name?: string; message?: string };
  return typeof code === 'string' ? code : `${name}: ${message.split('\n')[0] ?? ''}`;
}
