/** An error in one line; Node puts several addresses' failures into one error without a message. */
export function plainError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0)
    return plainError(error.errors[0]);
  if ('message' in error && error.message !== '') return String(error.message);
  return 'name' in error ? String(error.name) : 'unknown error';
}

/** Why a socket closed, in one line: what went wrong if something did, or what the venue said. */
export function closeReason(code: number, reason: Buffer, lastError: string): string {
  if (lastError !== '') return lastError;
  const text = reason.toString();
  return `closed by the venue (${code}${text === '' ? '' : `: ${text}`})`;
}
