import { getJson, retryAfterMs, TransportError } from '@autotrader/connector-core';
import type { z } from 'zod';
import type { Credentials } from './credentials.js';
import { errorOf } from './refusal.js';
import { VENUE } from './venue-name.js';

const TIMEOUT_MS = 10_000;
const LONGEST_WAIT_MS = 600_000;

/** How the REST API is asked. */
export interface RestApi {
  /** Address without a path. */
  readonly url: string;
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
}

/**
 * Asks the REST API and checks the answer.
 * @throws TransportError, RateLimitedError when the venue cannot be asked just now; RejectedError when it refuses.
 */
export async function ask<Answer>(
  { url: baseUrl, credentials, signal }: RestApi,
  path: string,
  schema: z.ZodType<Answer>,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${credentials.apiKey}`, 'accept-datetime-format': 'RFC3339' };
  const answer = await getJson({
    ...{ venue: VENUE, title: 'Oanda', baseUrl, path, headers, signal, timeoutMs: TIMEOUT_MS },
  });
  if (answer.status !== 200)
    throw errorOf({ ...answer, waitMs: retryAfterMs(answer.headers, LONGEST_WAIT_MS) }, credentials);
  const checked = schema.safeParse(answer.body);
  if (checked.success) return checked.data;
  throw new TransportError(
    VENUE,
    `${baseUrl} did not answer as Oanda's REST API does: is it the address of one?`,
  );
}
