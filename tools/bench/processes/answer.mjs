import { existsSync, readFileSync } from 'node:fs';

/** The side of a started process: answers what `ask` asks, and ends when nobody can ask any more. */
export function answer(questions) {
  process.on('message', ({ id, question, argument }) => {
    Promise.resolve()
      .then(() => questions[question](argument))
      .then(
        (result) => process.send({ id, result }),
        (error) => process.send({ id, error: error.message }),
      );
  });
  process.on('disconnect', () => process.exit());
  // A Ctrl-C goes to the whole group: the bench decides when this one ends.
  process.on('SIGINT', () => undefined);
}

/** CPU seconds this process has used, kernel and all threads included. */
export function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds this process's main thread was ready to run and no core was free; `NaN` where the system does not say. */
export function waitedSeconds() {
  const path = '/proc/self/schedstat';
  return existsSync(path) ? Number(readFileSync(path, 'utf8').split(' ')[1]) / 1e9 : NaN;
}
