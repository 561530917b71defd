const REDACTED = '[redacted]';
/** What is shorter stands in every other word. */
const LEAST_LENGTH = 4;

/** Secrets of this process, in each form in which they may turn up, longest first. */
let forms: readonly string[] = [];

/** Remembers a secret, so that {@link redacted} finds it wherever it turns up. */
export function keepSecret(secret: string): void {
  if (secret.length < LEAST_LENGTH) return;
  const escaped = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString('base64');
  const all = new Set([
    ...forms,
    secret,
    escaped,
    encodeURIComponent(secret),
    base64,
    base64.replaceAll('=', ''),
  ]);
  forms = [...all].sort((one, other) => other.length - one.length);
}

/** The text without any secret that is known, as it is, in an address, in JSON, or in base64. */
export function redacted(text: string): string {
  let clean = text;
  for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
  return clean;
}
