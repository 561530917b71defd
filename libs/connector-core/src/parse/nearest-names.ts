import { distance } from 'fastest-levenshtein';

const MOST_SUGGESTIONS = 3;
/** A name that differs more is not a slip of the hand. */
const FARTHEST_SUGGESTION = 3;

/** Of the names a venue has, those that differ least from one it has not, if it is little; at most three. */
export function nearestNames(name: string, listed: readonly string[]): string[] {
  const candidates = listed.map((each) => ({ each, away: distance(name, each) }));
  const least = candidates.reduce((nearest, { away }) => Math.min(nearest, away), FARTHEST_SUGGESTION);
  return candidates
    .filter(({ away }) => away === least)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ each }) => each);
}
