import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { userPath } from './invocation.js';

const { NX_TASK_TARGET_PROJECT: project, INIT_CWD: cwd } = process.env;

function setEnvironment(project: string | undefined, cwd: string | undefined): void {
  for (const [name, value] of Object.entries({ NX_TASK_TARGET_PROJECT: project, INIT_CWD: cwd })) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

beforeEach(() => setEnvironment(undefined, undefined));
afterEach(() => setEnvironment(project, cwd));

it('takes a path relative to the working folder', () => {
  expect(userPath('a/b')).toBe(`${process.cwd()}/a/b`);
});

it('takes a path relative to where the user stood when a task runner has moved on', () => {
  setEnvironment('ingestor', '/home/somebody');
  expect(userPath('a/b')).toBe('/home/somebody/a/b');
});

it('is not misled by what npm left in the environment', () => {
  setEnvironment(undefined, '/home/somebody');
  expect(userPath('a/b')).toBe(`${process.cwd()}/a/b`);
});

it('leaves an absolute path as it is', () => {
  setEnvironment('ingestor', '/home/somebody');
  expect(userPath('/a/b')).toBe('/a/b');
});
