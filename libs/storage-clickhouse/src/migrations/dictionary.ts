import type { Column, Schema } from './columns.js';

/**
 * The columns of every table in Markdown, as they are to stand in the README of the schema. What is written to
 * `tick_raw` is read from `tick`; a column that only the former has is marked.
 */
export function dictionaryOf({ tables, views }: Schema): string {
  return [...tables]
    .map(([table, columns]) => {
      const view = table.replace(/_raw$/, '');
      const shown = views.get(view) ?? '';
      const rows = columns.map((column) =>
        rowOf(column, isIn(shown, column.name) ? '' : ` (only in \`${table}\`)`),
      );
      return `### ${view}\n\n${markdownTable([['Column', 'Type', 'Meaning'], ...rows])}`;
    })
    .join('\n\n');
}

function rowOf({ name, type, comment }: Column, mark: string): string[] {
  return [`\`${name}\``, `\`${type}\``, comment + mark];
}

function isIn(select: string, column: string): boolean {
  return new RegExp(`\\b${column}\\b`).test(select.replace(/\bFROM\b[^]*$/, ''));
}

/** Columns are as wide as their widest cell, as the formatter has it. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
