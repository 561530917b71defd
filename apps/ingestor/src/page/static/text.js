const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A count, with its thousands apart. */
export const count = (value) => whole.format(value);

/** Milliseconds, as short as they can be read. */
export function duration(milliseconds) {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Bytes in MiB. */
export const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** The time of day of microseconds since the epoch, to the millisecond. */
export const timeOfDay = (micros) => new Date(micros / 1000).toISOString().slice(11, 23);

/** A cell of a table. */
export function cell(text, className = '', tag = 'td') {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className !== '') element.className = className;
  if (tag === 'th') element.scope = 'row';
  return element;
}

/** Puts a text where it has changed: what stays is not read out again. */
export function setText(id, text) {
  const element = document.getElementById(id);
  if (element.textContent !== text) element.textContent = text;
}
