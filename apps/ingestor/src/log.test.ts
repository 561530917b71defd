import { expect, it } from '@jest/globals';
import { createLog } from './log.js';
import { StatusLine } from './status-line.js';

function written(
  level: string,
  isReadable: boolean,
  say: (log: ReturnType<typeof createLog>) => void,
): string {
  let text = '';
  const stream = { write: (line: string) => (text += line) } as unknown as NodeJS.WriteStream;
  say(createLog(level, new StatusLine(stream), isReadable));
  return text;
}

it('a log for programs is one JSON object a line', () => {
  const text = written('info', false, (log) => log.warn('it is late'));
  expect(JSON.parse(text)).toEqual({
    level: 40,
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    msg: 'it is late',
  });
});

it('a log for people is time, level and message, in the order they were said', () => {
  const text = written('info', true, (log) => {
    log.info('one');
    log.error('two');
  });
  expect(text).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: one\n\[\d\d:\d\d:\d\d\] ERROR: two\n$/);
});

it('says nothing below its level', () => {
  expect(written('warn', true, (log) => log.info('one'))).toBe('');
});
