import { pino } from 'pino';
import { type DemoResult, runDemo, type RunningDemo } from './demo.js';

/** A demo that runs until it is told to end: for those who look at it from outside. */
export interface HeldDemo extends RunningDemo {
  /** Ends it, and holds what was sent against what is stored. */
  end(): Promise<DemoResult>;
}

/** Resolves once everything flows. @throws as {@link runDemo}. */
export async function holdDemo(): Promise<HeldDemo> {
  const stopping = new AbortController();
  const statusLine = { show: () => undefined, clear: () => undefined };
  return new Promise((resolve, reject) => {
    const whileRunning = (demo: RunningDemo): Promise<void> => {
      const end = (): Promise<DemoResult> => {
        stopping.abort();
        return ended;
      };
      resolve({ ...demo, end });
      return new Promise((over) => stopping.signal.addEventListener('abort', () => over()));
    };
    const ended = runDemo({ log: pino({ level: 'silent' }), statusLine }, stopping.signal, { whileRunning });
    ended.catch(reject);
  });
}
