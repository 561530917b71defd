import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { Depth } from './depth.js';
import { eventFields } from './event.js';
import { Gap } from './gap.js';
import { OHLCV } from './ohlcv.js';
import { Tick } from './tick.js';

const packageFolder = new URL('..', import.meta.url);
const readme = await readFile(new URL('README.md', packageFolder), 'utf8');

type Shape = Readonly<Record<string, z.ZodType>>;

function fieldList(shape: Shape): string {
  return Object.entries(shape)
    .map(([name, property]) => `\`${name}${property.safeParse(undefined).success ? '?' : ''}\``)
    .join(' ');
}

function ownFields(shape: Shape): Shape {
  return Object.fromEntries(
    Object.entries(shape).filter(([name]) => name !== 'type' && !Object.hasOwn(eventFields, name)),
  );
}

describe('the README', () => {
  it('has an example that runs and prints what it says', async () => {
    const [, example = '', printed = ''] = /```ts\n([^]*?)\n\/\/ (.*)\n```/.exec(readme) ?? [];
    const run = promisify(execFile);
    const { stdout } = await run(
      process.execPath,
      ['--conditions=@autotrader/source', '--import', 'tsx', '--input-type=module', '--eval', example],
      { cwd: packageFolder },
    );
    expect(stdout).toBe(`${printed}\n`);
  }, 60_000);

  it('lists the fields that every event has', () => {
    expect(readme).toContain(` \`type\` ${fieldList(eventFields)} `);
  });

  it.each([
    ['tick', Tick.unwrap().shape],
    ['depth', Depth.unwrap().shape],
    ['bar', OHLCV.unwrap().shape],
    ['gap', Gap.unwrap().shape],
  ] as const)('lists the fields of a %s', (type, shape) => {
    const row = readme.split('\n').find((line) => line.includes(`| \`${type}\``));
    expect(row).toContain(`| ${fieldList(ownFields(shape))} `);
  });
});
