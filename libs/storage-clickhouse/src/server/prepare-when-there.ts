import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../insert/backoff.js';
import type { OnNotice } from '../notice.js';
import type { Connection } from './connection.js';
import { prepareServer, type PreparedServer } from './prepare.js';
import { refusal } from './refusal.js';

/**
 * {@link prepareServer} again and again, until it succeeds. Why it does not is said when it changes: what keeps
 * it may well be something that somebody can set right while it waits.
 * @param error what the first attempt failed with.
 * @throws when the signal is aborted.
 */
export async function prepareWhenThere(
  connection: Connection,
  isToMigrate: boolean,
  error: unknown,
  onNotice: OnNotice,
  signal: AbortSignal,
): Promise<PreparedServer> {
  let said = '';
  for (let attempt = 1, why = error; ; attempt++) {
    const { message } = refusal(connection, why);
    if (message !== said) {
      said = message;
      const meanwhile = 'the spool keeps what is recorded until then';
      onNotice({ kind: 'SERVER_AWAY', level: 'warn', message: `${message}; ${meanwhile}` });
    }
    await delay(backoffMs(attempt), undefined, { signal });
    try {
      const prepared = await prepareServer(connection, isToMigrate);
      const back = `ClickHouse at ${connection.url} is there: what the spool holds is stored now`;
      onNotice({ kind: 'SERVER_BACK', level: 'info', message: back });
      return prepared;
    } catch (again) {
      why = again;
    }
  }
}
