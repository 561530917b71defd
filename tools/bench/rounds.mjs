/**
 * Times contenders side by side: every round runs each of them once over each workload, in an order that turns round
 * every time, so that what the machine does meanwhile falls on all alike.
 *
 * @param {Record<string, {open(items: unknown[]): () => void | Promise<void>}>} contenders
 * @param {Record<string, unknown[]>} workloads
 * @returns {Promise<(contender: string, workload: string) => number>} the median rate, items a second of CPU time
 */
export async function sideBySide(contenders, workloads, { rounds, progress }) {
  const names = Object.keys(contenders);
  const seconds = new Map();
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const [workload, items] of Object.entries(workloads)) {
      for (const name of order) {
        times(seconds, name, workload).push(await steadySeconds(() => contenders[name].open(items)));
      }
    }
  }
  return (name, workload) => workloads[workload].length / median(times(seconds, name, workload));
}

/**
 * CPU seconds of a run, collecting its garbage included: on a quiet machine what a clock shows, on a busy one what it
 * would. What went before is collected first; with it V8 drops compiled code, so that one run goes untimed: a
 * collector runs for months, and its steady state is what is compared.
 */
async function steadySeconds(open) {
  globalThis.gc?.();
  await open()();
  const run = open();
  const start = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function times(seconds, name, workload) {
  const key = `${name} ${workload}`;
  if (!seconds.has(key)) seconds.set(key, []);
  return seconds.get(key);
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
