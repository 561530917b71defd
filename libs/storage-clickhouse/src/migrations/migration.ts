/** One numbered step of the schema, as its file says it. */
export interface Migration {
  /** The number its file name begins with; migrations are applied in this order. */
  readonly version: number;
  /** The rest of the file name, without `.sql`. */
  readonly name: string;
  /** Statements that may be repeated without harm; `{database}` stands for the database's name. */
  readonly sql: string;
}

/** How a migration is named to people: `001_tick`. */
export function labelOf({ version, name }: Migration): string {
  return `${String(version).padStart(3, '0')}_${name}`;
}
