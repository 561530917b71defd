import { describe, expect, it } from '@jest/globals';
import { StatusLine } from './status-line.js';

function terminal(isTTY: boolean, columns = 20): { stream: NodeJS.WriteStream; written: () => string } {
  let written = '';
  const stream = {
    isTTY,
    columns,
    write: (text: string) => (written += text),
  } as unknown as NodeJS.WriteStream;
  return { stream, written: () => written.replaceAll('\r\x1b[K', '<clear>') };
}

describe('the status line', () => {
  it('is rewritten in place', () => {
    const { stream, written } = terminal(true);
    const line = new StatusLine(stream);
    line.show('one');
    line.show('two');
    expect(written()).toBe('<clear>one<clear>two');
  });

  it('stays below the lines that are printed', () => {
    const { stream, written } = terminal(true);
    const line = new StatusLine(stream);
    line.print('first\n');
    line.show('status');
    line.print('second\n');
    expect(written()).toBe('first\n<clear>status<clear>second\nstatus');
  });

  it('leaves nothing behind when it is cleared', () => {
    const { stream, written } = terminal(true);
    const line = new StatusLine(stream);
    line.show('status');
    line.clear();
    line.clear();
    line.print('last\n');
    expect(written()).toBe('<clear>status<clear>last\n');
  });

  it('never wraps: it is cut to the width of the terminal', () => {
    const { stream, written } = terminal(true, 6);
    new StatusLine(stream).show('123456789');
    expect(written()).toBe('<clear>12345');
  });

  it('is not there in a pipe, where lines are just printed', () => {
    const { stream, written } = terminal(false);
    const line = new StatusLine(stream);
    line.show('status');
    line.print('line\n');
    line.clear();
    expect(written()).toBe('line\n');
  });
});
