import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { secretsOf, withDotEnv } from './secrets.js';
import { Scratch } from '../testing/scratch.js';

const NAME = 'AUTOTRADER_TEST_KEY';

const scratch = new Scratch();
afterEach(() => scratch.clean());

async function fileWith(content: string): Promise<string> {
  const file = join(await scratch.folder(), 'key');
  await writeFile(file, content);
  return file;
}

describe('a secret', () => {
  it('is what its variable says', () => {
    expect(secretsOf({ [NAME]: 'abc' })(NAME)).toBe('abc');
  });

  it('is what the file of its variable holds, without the line break at its end', async () => {
    for (const content of ['abc', 'abc\n', 'abc\r\n'])
      expect(secretsOf({ [`${NAME}_FILE`]: await fileWith(content) })(NAME)).toBe('abc');
  });

  it('is none when nothing is set, or set to nothing', () => {
    expect(secretsOf({})(NAME)).toBeUndefined();
    expect(secretsOf({ [NAME]: '', [`${NAME}_FILE`]: '' })(NAME)).toBeUndefined();
  });

  it('that is named twice, or whose file is not there or empty, is refused in one line without it', async () => {
    const both = { [NAME]: 'abc', [`${NAME}_FILE`]: '/run/key' };
    expect(() => secretsOf(both)(NAME)).toThrow(
      'AUTOTRADER_TEST_KEY and AUTOTRADER_TEST_KEY_FILE are both set: unset one of them',
    );
    expect(() => secretsOf({ [`${NAME}_FILE`]: '/nowhere/key' })(NAME)).toThrow(
      'AUTOTRADER_TEST_KEY_FILE: /nowhere/key cannot be read (ENOENT)',
    );
    const empty = await fileWith('\n');
    expect(() => secretsOf({ [`${NAME}_FILE`]: empty })(NAME)).toThrow(`${empty} is empty`);
  });
});

describe('a .env', () => {
  it('adds what is not set, and may be missing', async () => {
    const folder = await scratch.folder();
    expect(withDotEnv(folder, { [NAME]: 'ours' })).toEqual({ [NAME]: 'ours' });
    await writeFile(join(folder, '.env'), `# a comment\n${NAME}="from the file"\nOTHER=1\n`);
    expect(withDotEnv(folder, {})).toEqual({ [NAME]: 'from the file', OTHER: '1' });
    expect(withDotEnv(folder, { [NAME]: 'ours' })).toEqual({ [NAME]: 'ours', OTHER: '1' });
  });

  it('that cannot be read is said in one line', async () => {
    const folder = await scratch.folder();
    await mkdir(join(folder, '.env'));
    expect(() => withDotEnv(folder, {})).toThrow('.env: cannot be read (EISDIR)');
  });
});
