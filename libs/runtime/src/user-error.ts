/** Something the user can mend: its message is one clear line that says what happened and what to do. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
