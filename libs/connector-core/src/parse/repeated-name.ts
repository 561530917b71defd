const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether a text of JSON names something twice in one object. `JSON.parse` keeps the last of the two and says
 * nothing, so a repeated `m` would turn a trade's side. Every name and every text has two quotes: a text that has
 * more of them than what was parsed has names that were dropped.
 */
export function hasRepeatedName(text: string, parsed: unknown): boolean {
  return quotesIn(text) !== quotesOf(parsed);
}

function quotesIn(text: string): number {
  let quotes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) quotes++;
    // JSON has a backslash in a text only, and what follows it is part of the text.
    else if (code === BACKSLASH) at++;
  }
  return quotes;
}

/** Without recursion: nobody knows how deep a bad frame is. */
function quotesOf(parsed: unknown): number {
  let quotes = 0;
  const waiting = [parsed];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') quotes += 2;
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) quotes += 2 * Object.keys(value).length;
    for (const member of Object.values(value)) waiting.push(member);
  }
  return quotes;
}
