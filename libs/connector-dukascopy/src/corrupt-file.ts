/** Bytes that are not the file they should be: it is fetched again, and never stored. */
export class CorruptFile extends Error {
  override readonly name = 'CorruptFile';
}
