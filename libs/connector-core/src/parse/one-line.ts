const MOST_LENGTH = 200;

/** A text for people, bounded and in one line; what it quotes of the venue may hold anything, of any length. */
export function oneLine(text: string): string {
  return text.slice(0, MOST_LENGTH).replace(/\p{Cc}+/gu, ' ');
}
