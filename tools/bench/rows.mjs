/**
 * A row of the table: what was measured, its value, and where it has one, its aim.
 * `ratio`: how much of its aim a figure is (1 or more = met); against a peer, ours over theirs.
 *
 * @typedef {{measure: string, value: number, unit: string, aim?: string, ratio?: number, met?: boolean}} Row
 */

/** @returns {Row} a figure without an aim */
export function figure(measure, value, unit) {
  return { measure, value, unit };
}

/** @returns {Row} the more the better */
export function atLeast(measure, value, unit, aim) {
  return { measure, value, unit, aim: `≥ ${readable(aim)}`, ratio: value / aim, met: value >= aim };
}

/** @returns {Row} the less the better */
export function atMost(measure, value, unit, aim) {
  return { measure, value, unit, aim: `≤ ${readable(aim)}`, ratio: aim / value, met: value <= aim };
}

/** @returns {Row} a peer's rate; the ratio is ours over theirs, the aim how many times theirs we want (none: only shown) */
export function fasterThan(measure, theirs, unit, ours, times) {
  const ratio = ours / theirs;
  const row = { measure, value: theirs, unit, ratio };
  return times === undefined ? row : { ...row, aim: `ours ${times}×`, met: ratio >= times };
}

/** One markdown table of every bench's rows; a bench that did not run is a row that says why. */
export function toMarkdown(results) {
  const lines = ['| bench | measure | value | aim | ratio | result |', '|---|---|--:|--:|--:|---|'];
  for (const { name, rows = [], reason, failed } of results) {
    if (reason !== undefined)
      lines.push(`| ${name} | ${inOneCell(reason)} | | | | ${failed ? '**failed**' : 'not run'} |`);
    for (const row of rows) lines.push(`| ${[name, ...cells(row)].join(' | ')} |`);
  }
  return lines.join('\n');
}

function inOneCell(text) {
  const line = text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}

function cells({ measure, value, unit, aim = '', ratio, met }) {
  const result = met === undefined ? '' : met ? 'met' : '**missed**';
  return [
    measure,
    `${readable(value)} ${unit}`,
    aim,
    ratio === undefined || ratio === Infinity ? '' : `${ratio.toFixed(2)}×`,
    result,
  ];
}

function readable(value) {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
