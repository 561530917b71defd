import type { Sample } from './probe.js';

const [WIDTH, HEIGHT, LEFT, GAP] = [860, 110, 90, 34];

const PANELS: readonly (readonly [title: string, of: (sample: Sample) => number])[] = [
  ['resident memory, MB', ({ memoryBytes }) => memoryBytes / 1e6],
  ['handles', ({ handles }) => handles],
  ['events a second', ({ eventsPerSecond }) => eventsPerSecond],
  ['latency, ms', ({ latencyMs }) => latencyMs],
  ['oldest batch in the spool, s', ({ spoolSeconds }) => spoolSeconds],
  ['sent and not taken in', ({ missing }) => missing],
];

/** What was seen over time, a small plot each, all beginning at 0, as SVG. */
export function plotOf(samples: readonly Sample[]): string {
  const seen = samples.slice(1); // the first has no rate yet
  const last = Math.max(1, seen.at(-1)?.seconds ?? 1);
  const panels = PANELS.map(([title, of], place) => panel(title, seen, of, last, place * (HEIGHT + GAP)));
  const height = PANELS.length * (HEIGHT + GAP) + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 20} ${height}" font-family="sans-serif" font-size="12" fill="#1f2328">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...panels,
    `<text x="${LEFT + WIDTH}" y="${height - 8}" text-anchor="end" fill="#59636e">${(last / 60).toFixed(1)} minutes</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function panel(
  title: string,
  samples: readonly Sample[],
  of: (sample: Sample) => number,
  last: number,
  top: number,
): string {
  const greatest = Math.max(1e-9, ...samples.map(of));
  const [up, base] = [top + 24, top + 24 + HEIGHT];
  const points = samples
    .map((sample) => {
      const x = LEFT + (sample.seconds / last) * WIDTH;
      const y = base - (of(sample) / greatest) * HEIGHT;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
  return [
    `<text x="${LEFT}" y="${up - 8}">${title}</text>`,
    `<path d="M${LEFT} ${up}V${base}H${LEFT + WIDTH}" fill="none" stroke="#d1d9e0"/>`,
    `<text x="${LEFT - 8}" y="${up + 10}" text-anchor="end" fill="#59636e">${text(greatest)}</text>`,
    `<text x="${LEFT - 8}" y="${base}" text-anchor="end" fill="#59636e">0</text>`,
    `<polyline points="${points}" fill="none" stroke="#1f6feb" stroke-width="1.5"/>`,
  ].join('\n');
}

function text(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}
