import { readFileSync } from 'node:fs';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { UserError } from '@autotrader/runtime';
import { Config } from './schema.js';

/**
 * Reads the YAML file; without a file every default holds.
 * @throws UserError naming the file, the place in it and what is wrong there.
 */
export function loadConfig(file: string | undefined): Config {
  if (file === undefined) return Config.parse({});
  return parseConfig(read(file), file);
}

/** Checks the text of a config file. @throws UserError as {@link loadConfig}. */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) throw new UserError(`${file}: ${firstLine(syntaxError.message)}`);
  const parsed = Config.safeParse(valueOf(document, file) ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, document, lines));
  throw new UserError(`${file}: ${problems.join('; ')}. See docs/configuration.md for what it may say.`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError(`${file}: cannot be read (${reason}): name a YAML file`);
  }
}

/** An alias may stand for nothing, or for too much. */
function valueOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new UserError(`${file}: ${error instanceof Error ? firstLine(error.message) : String(error)}`);
  }
}

/** `venues.binance.streams.0 (line 4): Invalid option: …`; every unknown setting is a problem of its own. */
function problemsOf(issue: z.core.$ZodIssue, document: Document.Parsed, lines: LineCounter): string[] {
  const say = (path: readonly PropertyKey[], message: string): string => {
    if (path.length === 0) return message;
    const line = lineOf(path, document, lines);
    return `${path.map(String).join('.')}${line === undefined ? '' : ` (line ${line})`}: ${message}`;
  };
  if (issue.code !== 'unrecognized_keys') return [say(issue.path, issue.message)];
  return issue.keys.map((key) => say([...issue.path, key], 'no such setting'));
}

function lineOf(
  path: readonly PropertyKey[],
  document: Document.Parsed,
  lines: LineCounter,
): number | undefined {
  const node: unknown = document.getIn(path, true);
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const [start] = node.range as readonly number[];
  return start === undefined ? undefined : lines.linePos(start).line;
}

/** Without the colon that leads to an excerpt. */
function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/:$/, '');
}
