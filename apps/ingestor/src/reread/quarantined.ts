import type { KeptFrame } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import type { Storage } from '@autotrader/storage-clickhouse';

const PAGE = 1_000;

/** Frames that came in from this moment on and before that one, our clock, microseconds. */
export interface Period {
  readonly from: Micros;
  readonly to: Micros;
}

interface Row {
  readonly at: Micros;
  readonly hash: string;
  readonly bytes: string;
}

/** The quarantined frames of a venue, in the order in which they came in. */
export async function* quarantined(
  storage: Pick<Storage, 'query'>,
  venue: string,
  { from, to }: Period,
): AsyncGenerator<KeptFrame, void, undefined> {
  let [at, hash] = [from, ''];
  for (;;) {
    const rows = await storage.query<Row>(`
      SELECT toUnixTimestamp64Micro(received_at) AS at, hex(SHA256(frame)) AS hash, base64Encode(frame) AS bytes
      FROM quarantine
      WHERE venue = '${venue}' AND received_at < fromUnixTimestamp64Micro(${to}, 'UTC')
        AND (toUnixTimestamp64Micro(received_at), hex(SHA256(frame))) > (${at}, '${hash}')
      ORDER BY received_at, hash LIMIT ${PAGE}`);
    for (const row of rows) yield { receivedAt: row.at, frame: Buffer.from(row.bytes, 'base64') };
    const last = rows.at(-1);
    if (last === undefined) return;
    [at, hash] = [last.at, last.hash];
  }
}
