import { describe, expect, it } from '@jest/globals';
import { splitStatements } from './statements.js';

describe('splitStatements', () => {
  it('splits at semicolons, with or without one at the end', () => {
    expect(splitStatements('SELECT 1;\nSELECT 2 - 1 / 3')).toEqual(['SELECT 1', 'SELECT 2 - 1 / 3']);
    expect(splitStatements('SELECT 1;;\n ;')).toEqual(['SELECT 1']);
  });

  it('takes semicolons and comment signs in quotes as text', () => {
    const sql = `SELECT 'a;--b', "c;/*", \`d;\`, 'it\\'s;', 'it''s;'`;
    expect(splitStatements(`${sql};SELECT 2`)).toEqual([sql, 'SELECT 2']);
  });

  it('leaves out comments, whatever they contain', () => {
    expect(splitStatements("-- it's; one\nSELECT 1 /* ; ' */ + 1; -- two\n")).toEqual(['SELECT 1  + 1']);
  });
});
