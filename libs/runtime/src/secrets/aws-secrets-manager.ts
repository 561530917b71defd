import type * as Aws from '@aws-sdk/client-secrets-manager';
import { UserError } from '../user-error.js';
import type { SecretReference } from './resolve-secret.js';

/**
 * A secret of AWS Secrets Manager, or a key of it where it is JSON. Region and rights are found as Amazon's own tools find them. The client is
 * installed only by who needs it: `npm install @aws-sdk/client-secrets-manager`.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 * @throws UserError without the secret.
 */
export async function readAwsSecret(
  { path, key }: SecretReference,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const { SecretsManagerClient, GetSecretValueCommand } = await loadClient();
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  const client = new SecretsManagerClient({ ...(region !== undefined && { region }), maxAttempts: 3 });
  try {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: path }));
    if (text === undefined || text === '') throw new UserError('the secret is empty, or is no text');
    return key === undefined ? text : partOf(text, key);
  } finally {
    client.destroy();
  }
}

async function loadClient(): Promise<typeof Aws> {
  try {
    return await import('@aws-sdk/client-secrets-manager');
  } catch {
    throw new UserError('install the client of it first: npm install @aws-sdk/client-secrets-manager');
  }
}

function partOf(text: string, key: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UserError(`the secret is no JSON, so it has no ${key}`);
  }
  const value = (parsed as Record<string, unknown> | null)?.[key];
  if (typeof value !== 'string' || value === '') throw new UserError(`the secret has no text under ${key}`);
  return value;
}
