import { UserError } from '../user-error.js';
import type { SecretReference } from './resolve-secret.js';
import type { Secrets } from './secrets.js';

const WITHIN_MS = 10_000;
const LOOPBACK = /^(localhost|127\..*|\[::1\])$/;

/**
 * A key of a secret of HashiCorp Vault's key-value store, version 2, at `VAULT_ADDR`, with `VAULT_TOKEN` (or `VAULT_TOKEN_FILE`) and, where
 * there is one, `VAULT_NAMESPACE`. https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version
 * @throws UserError without the secret.
 */
export async function readVault(
  { path, key }: SecretReference,
  environment: NodeJS.ProcessEnv,
  secrets: Secrets,
): Promise<string> {
  const address = environment['VAULT_ADDR'];
  const token = secrets('VAULT_TOKEN');
  if (address === undefined || token === undefined)
    throw new UserError('VAULT_ADDR and VAULT_TOKEN (or VAULT_TOKEN_FILE) say where the vault is: set both');
  if (key === undefined) throw new UserError('name the key: vault://MOUNT/PATH#KEY');
  const { protocol, hostname } = new URL(address);
  if (protocol !== 'https:' && !LOOPBACK.test(hostname))
    throw new UserError('VAULT_ADDR is not https: the secret would be read by others');
  const [mount = '', ...rest] = path.split('/');
  const namespace = environment['VAULT_NAMESPACE'];
  const answer = await fetch(new URL(`/v1/${mount}/data/${rest.join('/')}`, address), {
    headers: { 'x-vault-token': token, ...(namespace !== undefined && { 'x-vault-namespace': namespace }) },
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  if (answer.status === 403) throw new UserError('the vault refuses: VAULT_TOKEN has no right to read it');
  if (answer.status === 404) throw new UserError('the vault has nothing there');
  if (!answer.ok) throw new UserError(`the vault answers ${answer.status}`);
  const { data } = (await answer.json()) as { data?: { data?: Record<string, unknown> } };
  const value = data?.data?.[key];
  if (typeof value !== 'string' || value === '') throw new UserError(`the secret has no text under ${key}`);
  return value;
}
