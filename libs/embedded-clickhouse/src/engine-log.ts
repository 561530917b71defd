import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const linesKept = 5;

/** What the engine says, without its stack traces, which name no functions. */
export interface EngineLog {
  append(line: string): void;
  /** The last lines, oldest first. */
  tail(): readonly string[];
}

export function createEngineLog(stderr: Readable, onLog?: (line: string) => void): EngineLog {
  const kept: string[] = [];
  const append = (raw: string): void => {
    const line = raw.replace(/, Stack trace \(when copying this message.*$/, '');
    if (line.trim() === '' || isStackTrace(line)) return;
    kept.push(line);
    if (kept.length > linesKept) kept.shift();
    onLog?.(line);
  };
  createInterface({ input: stderr }).on('line', append);
  return { append, tail: () => kept };
}

function isStackTrace(line: string): boolean {
  return /^\d+\. .* @ 0x[0-9a-f]+$|^ +at |^ \(version [\d.]+\)$/.test(line);
}
