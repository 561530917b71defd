/**
 * An address to which a path is appended: without the slash at the end that a copied address often has; a proxy may have put
 * a path before the venue's.
 * @param option name of the option it was given by, for the error.
 * @param protocols those it may have, with their colon.
 * @throws RangeError when it is none: one line that says how to give it.
 */
export function baseUrl(option: string, text: string, protocols: readonly string[]): string {
  const trimmed = text.replace(/\/+$/, '');
  if (URL.canParse(trimmed) && canBePrefix(new URL(trimmed), protocols)) return trimmed;
  const expected = protocols.map((protocol) => `${protocol}//host`).join(' or ');
  throw new RangeError(`${option} is "${text}": give it as ${expected}`);
}

function canBePrefix({ protocol, search, hash }: URL, protocols: readonly string[]): boolean {
  return protocols.includes(protocol) && search === '' && hash === '';
}
