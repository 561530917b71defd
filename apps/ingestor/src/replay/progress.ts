import type { SentCount } from '@autotrader/connector-core/testing';

/** How far a replay has come, in whole percent of the recording's frames. */
export function progressText(sent: readonly Pick<SentCount, 'frames'>[], frames: number): string {
  const done = sent.reduce((sum, stream) => sum + stream.frames, 0);
  return `${Math.floor((100 * Math.min(done, frames)) / frames)} % played`;
}
