import type { Migration } from './migration.js';
import { splitStatements } from './statements.js';

/** A column as the migrations make it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  /** Empty, or `DEFAULT`, `MATERIALIZED`, `ALIAS`. */
  readonly kind: string;
  /** What it is then; else empty. */
  readonly expression: string;
  readonly comment: string;
}

/** What the migrations make. */
export interface Schema {
  /** The columns of each table, in their order. */
  readonly tables: ReadonlyMap<string, readonly Column[]>;
  /** What each view selects; of a materialized view, too. */
  readonly views: ReadonlyMap<string, string>;
}

const CREATE_TABLE = /^CREATE TABLE IF NOT EXISTS \{database\}\.(\w+)\s*\(/;
const CREATE_VIEW =
  /^CREATE (?:MATERIALIZED )?VIEW IF NOT EXISTS \{database\}\.(\w+)(?: TO \S+)? AS\s+([^]*)$/;
const ADD_COLUMN =
  /^ALTER TABLE \{database\}\.(\w+) ADD COLUMN IF NOT EXISTS ([^]*?)(?: AFTER (\w+))?(?:, MODIFY ORDER BY [^]*)?$/;
const MODIFY_COLUMN = /^ALTER TABLE \{database\}\.(\w+) MODIFY COLUMN IF EXISTS (\w+) ([^]*)$/;
const DROP_COLUMN = /^ALTER TABLE \{database\}\.(\w+) DROP COLUMN IF EXISTS (\w+)$/;
const DROP = /^DROP (?:TABLE|VIEW) IF EXISTS \{database\}\.(\w+)/;

/**
 * The schema that the migrations come to, read from their text: no server is needed.
 * @throws Error for a statement about columns that it cannot read.
 */
export function schemaOf(migrations: readonly Migration[]): Schema {
  const tables = new Map<string, Column[]>();
  const views = new Map<string, string>();
  for (const statement of migrations.flatMap(({ sql }) => splitStatements(sql))) {
    const [, view, select] = CREATE_VIEW.exec(statement) ?? [];
    const [, dropped] = DROP.exec(statement) ?? [];
    if (view !== undefined && select !== undefined) views.set(view, select);
    else if (dropped !== undefined) [tables, views].forEach((each) => each.delete(dropped));
    else if (!createTable(tables, statement) && !alterColumn(tables, statement)) refuseColumns(statement);
  }
  return { tables, views };
}

function createTable(tables: Map<string, Column[]>, statement: string): boolean {
  const [opening, table] = CREATE_TABLE.exec(statement) ?? [];
  if (opening === undefined || table === undefined) return false;
  const [body = ''] = splitOutside(statement.slice(opening.length), ')');
  tables.set(table, splitOutside(body, ',').map(columnOf));
  return true;
}

function alterColumn(tables: Map<string, Column[]>, statement: string): boolean {
  const [, to = '', definition, after] = ADD_COLUMN.exec(statement) ?? [];
  if (definition !== undefined) {
    const columns = tables.get(to) ?? [];
    const place = columns.findIndex(({ name }) => name === after);
    columns.splice(place < 0 ? columns.length : place + 1, 0, columnOf(definition));
    return true;
  }
  const [, of = '', changed, change] = MODIFY_COLUMN.exec(statement) ?? [];
  const [, from = of, gone = changed] = DROP_COLUMN.exec(statement) ?? [];
  const columns = tables.get(from) ?? [];
  const place = columns.findIndex(({ name }) => name === gone);
  if (place < 0) return false;
  columns.splice(place, 1, ...(change === undefined ? [] : [columnOf(`${gone} ${change}`)]));
  return true;
}

function refuseColumns(statement: string): void {
  if (/^CREATE TABLE|\sCOLUMN\s/.test(statement)) throw new Error(`cannot tell the columns of: ${statement}`);
}

/** A definition comes apart at these words. */
const PARTS = /\s(DEFAULT|MATERIALIZED|ALIAS|COMMENT|CODEC)\b/;

function columnOf(definition: string): Column {
  const text = definition.trim();
  const [name = ''] = /^\w+/.exec(text) ?? [];
  const [type = '', ...parts] = splitOutside(text.slice(name.length), PARTS);
  const part = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) part.set(parts[at] ?? '', (parts[at + 1] ?? '').trim());
  const kind = ['DEFAULT', 'MATERIALIZED', 'ALIAS'].find((each) => part.has(each)) ?? '';
  const comment = (part.get('COMMENT') ?? '').replace(/^'|'$/g, '');
  return { name, type: type.trim(), kind, expression: part.get(kind) ?? '', comment };
}

/** Splits where no quote and no parenthesis is open; a group of the separator is given, too. */
function splitOutside(text: string, separator: string | RegExp): string[] {
  const hidden: string[] = [];
  const hide = (inner: string): string => `\0${hidden.push(inner) - 1}\0`;
  let outside = text.replace(/'(?:[^'\\]|\\[^])*'/g, hide);
  for (let before = ''; before !== outside;) {
    before = outside;
    outside = outside.replace(/\([^()]*\)/, hide);
  }
  const show = (part: string): string => {
    const shown = part.replace(/\0(\d+)\0/g, (_, place) => hidden[Number(place)] ?? '');
    return shown === part ? part : show(shown);
  };
  return outside.split(separator).map(show);
}
