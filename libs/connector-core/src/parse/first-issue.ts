/** What of a schema's error (zod) is said. */
interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** The first thing a schema found wrong, in one line: `p: not a decimal`. */
export function firstIssue({ issues }: SchemaError): string {
  const [issue] = issues;
  if (issue === undefined) return 'does not fit the schema';
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}
