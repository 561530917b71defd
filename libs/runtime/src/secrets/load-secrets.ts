import { keepSecret } from './redaction.js';
import { resolveSecret } from './resolve-secret.js';
import { type Secrets, secretsOf } from './secrets.js';

/**
 * Reads these secrets once, at the start: from `NAME`, from the file that `NAME_FILE` names, or from the keeper that either refers to
 * (`vault://…`, `aws-sm://…`). None of them turns up in what the program prints.
 * @throws UserError in one line, without the secret.
 */
export async function loadSecrets(
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Secrets> {
  const given = secretsOf(environment);
  const found = new Map<string, string>();
  for (const name of names) {
    const value = given(name);
    if (value === undefined) continue;
    const secret = await resolveSecret(name, value, environment);
    keepSecret(secret);
    found.set(name, secret);
  }
  return (name) => found.get(name);
}
