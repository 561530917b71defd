import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { UserError } from '../user-error.js';
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
  const document = parseDocument(text);
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) throw new UserError(`${file}: ${syntaxError.message.split('\n')[0] ?? ''}`);
  const parsed = Config.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'file'}: ${message}`,
  );
  throw new UserError(`${file}: ${problems.join('; ')}. See docs/configuration.md for what it may say.`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(
      `${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
    );
  }
}
