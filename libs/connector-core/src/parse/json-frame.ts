import { isUtf8 } from 'node:buffer';
import { hasRepeatedName } from './repeated-name.js';

/** A frame of JSON: the object it holds, or what is wrong with it in one line. */
export type JsonFrame = { readonly message: object } | { readonly wrong: string };

/**
 * Reads a frame that should hold one JSON object. Broken UTF-8 is told, and so is a name that stands twice in one object,
 * of which `JSON.parse` would keep the last and say nothing.
 */
export function parseJsonFrame(frame: Buffer): JsonFrame {
  if (!isUtf8(frame)) return { wrong: 'not UTF-8' };
  const text = frame.toString();
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { wrong: 'not JSON' };
  }
  if (typeof message !== 'object' || message === null) return { wrong: 'not a JSON object' };
  return hasRepeatedName(text, message) ? { wrong: 'a name twice in one object' } : { message };
}
