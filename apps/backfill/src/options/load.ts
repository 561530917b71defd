import { readFileSync } from 'node:fs';
import { nearestNames } from '@autotrader/connector-core';
import { UserError, userPath } from '@autotrader/runtime';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { Settings, SETTINGS } from './settings.js';

/**
 * The options of a YAML file.
 * @throws UserError when it cannot be read, or says something that is no option.
 */
export function loadSettings(file: string): Settings {
  return checkedSettings(parseYaml(userPath(file)), (path) => `${file}: ${path}`);
}

/**
 * Options, checked.
 * @param nameOf how an option is named to the user.
 * @throws UserError in one line for the first that is wrong.
 */
export function checkedSettings(given: unknown, nameOf: (path: string) => string): Settings {
  const checked = Settings.safeParse(given ?? {});
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new UserError(issue === undefined ? 'wrong options' : sentenceOf(issue, nameOf));
}

function sentenceOf(issue: z.core.$ZodIssue, nameOf: (path: string) => string): string {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const nearest = nearestNames(key, Object.keys(SETTINGS));
    const hint =
      nearest.length === 0
        ? `options are ${Object.keys(SETTINGS).join(', ')}`
        : `did you mean ${nearest.join(' or ')}?`;
    return `${nameOf(key)} is no option: ${hint}`;
  }
  return `${nameOf(issue.path.join('.'))}: ${issue.message}`;
}

function parseYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof YAMLParseError)
      throw new UserError(`${path}: ${error.message.split('\n')[0] ?? ''}`);
    throw new UserError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}
