/** Something the bench needs is not here: it is listed as not run, with the message, and the others go on. */
export class NotRunnable extends Error {
  name = 'NotRunnable';
}
