/**
 * A document with the section of this name replaced: what stands between `<!-- name -->` and `<!-- /name -->`.
 * @throws RangeError when there is none.
 */
export function withSection(document: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new RangeError(`the document has no section ${begin} … ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${content}\n\n${document.slice(to)}`;
}
