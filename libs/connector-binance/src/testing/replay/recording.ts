import type { RecordedFrame } from './recorded-frame.js';
import { linesOf } from './recording-lines.js';
import { MalformedLine, RecordingParser } from './recording-parser.js';

/**
 * Reads a recording, one frame a line: `<receive time, ns since the epoch> <json>`; the json is a message in the
 * combined wrapper, or a depth snapshot of REST. Plain text, `.gz` or `.xz` by the file's name; memory stays flat
 * however long it is.
 * @throws Error (while iterating) in one line: no such file, a damaged archive, or a malformed line, which it
 * names as `file:line`.
 */
export async function* readRecording(path: string): AsyncGenerator<RecordedFrame, void, undefined> {
  const parser = new RecordingParser();
  try {
    for await (const lines of linesOf(path))
      for (const line of lines) for (const frame of parser.parse(line)) yield frame;
  } catch (error) {
    throw readError(path, parser.lines, error);
  }
  if (!parser.isComplete)
    throw new Error(`${path}: holds depth snapshots and no stream: nothing tells whose books they are`);
}

function readError(path: string, line: number, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof MalformedLine) return new Error(`${path}:${line}: ${message}`, { cause: error });
  if (code === 'ENOENT')
    return new Error(`no recording at ${path}: give the path of a .txt, .txt.gz or .txt.xz file`, {
      cause: error,
    });
  return new Error(`cannot read ${path} past line ${line}: ${message}`, { cause: error });
}
