import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** An insert as it arrived. */
export interface ReceivedInsert {
  /** `tick_raw` */
  readonly table: string;
  readonly body: Buffer;
  /** Settings and token, as they stand in the URL. */
  readonly parameters: URLSearchParams;
}

/** How the server behaves to an insert that it has read whole. */
export type Answer = (response: ServerResponse, insert: ReceivedInsert) => void;

/** An HTTP server that answers inserts as it is told to, one answer after another, the last one for ever. */
export interface FakeClickHouse {
  readonly url: string;
  readonly inserts: readonly ReceivedInsert[];
  /** The most inserts that were unanswered at a time. */
  readonly mostAtOnce: number;
  answers: Answer[];
  close(): Promise<void>;
}

/** All rows are written. */
export const written =
  (rows: number): Answer =>
  (response) => {
    response.setHeader('X-ClickHouse-Summary', JSON.stringify({ written_rows: String(rows) })).end();
  };

/** An error of ClickHouse itself. */
export const exception =
  (code: number, name: string, status = 500): Answer =>
  (response) => {
    response.statusCode = status;
    response.setHeader('X-ClickHouse-Exception-Code', code);
    response.end(`Code: ${code}. DB::Exception: it says ${name}. (${name}) (version 26.7.2.1)\n`);
  };

/** The link breaks after the server has read everything. */
export const cut: Answer = (response) => {
  response.socket?.destroy();
};

export async function fakeClickHouse(...answers: Answer[]): Promise<FakeClickHouse> {
  const inserts: ReceivedInsert[] = [];
  let unanswered = 0;
  const fake = { url: '', inserts, mostAtOnce: 0, answers, close: () => Promise.resolve() };
  const server = createServer((request, response) => {
    fake.mostAtOnce = Math.max(fake.mostAtOnce, ++unanswered);
    response.once('close', () => unanswered--);
    void receive(request).then((insert) => {
      inserts.push(insert);
      const answer = fake.answers.length > 1 ? fake.answers.shift() : fake.answers[0];
      answer?.(response, insert);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fake.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return fake;
}

async function receive(request: IncomingMessage): Promise<ReceivedInsert> {
  const body = await buffer(request);
  const parameters = new URL(request.url ?? '', 'http://fake').searchParams;
  const table = /INSERT INTO \w+\.(\w+)/.exec(parameters.get('query') ?? '')?.[1] ?? '';
  return { table, body, parameters };
}
