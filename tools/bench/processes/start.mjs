import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Starts one of the programs beside this one and asks it things: `await venue.ask('play')`.
 * It ends with `stop()`, or with this process.
 */
export function startProcess(name, execArgv = []) {
  const child = fork(fileURLToPath(new URL(`./${name}.mjs`, import.meta.url)), {
    execArgv,
    stdio: ['ignore', 2, 'inherit', 'ipc'],
  });
  const waiting = new Map();
  child.on('message', ({ id, result, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(`${name}: ${error}`));
  });
  const exited = new Promise((resolve) =>
    child.once('exit', (code, signal) => {
      for (const { reject } of waiting.values()) reject(new Error(`${name} ended early (${signal ?? code})`));
      resolve();
    }),
  );
  let asked = 0;
  return {
    ask: (question, argument) =>
      new Promise((resolve, reject) => {
        const id = asked++;
        waiting.set(id, { resolve, reject });
        child.send({ id, question, argument });
      }),
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
