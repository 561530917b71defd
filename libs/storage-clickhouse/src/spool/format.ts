import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type EncodedBatch, isTableName } from '../encode/encode-batch.js';
import { type AcceptedPosition, arePositions } from './positions.js';

/** Why ClickHouse refused a batch; part of a dead letter. */
export interface Refusal {
  /** One line, with the server's own words. */
  readonly message: string;
  /** Our clock, milliseconds since the epoch. */
  readonly at: number;
}

/** A batch as a spool file holds it. */
export interface SpooledBatch extends EncodedBatch {
  /** When the spool had it, our clock, milliseconds since the epoch. */
  readonly acceptedAt: number;
  /** Where its streams stand after it; none where that is not known. */
  readonly positions?: readonly AcceptedPosition[];
  /** Of a dead letter only. */
  readonly refusal?: Refusal;
}

/**
 * A spool file is a head and records:
 *
 *     head    "ATSPOOL\n"  version u32  id 16 bytes  CRC-32 of these u32
 *     record  A7 52 45 43  length of facts u32  length of bytes u32  CRC-32 of lengths, facts, bytes u32
 *             facts (JSON: all of the batch but its bytes)  bytes (an Arrow stream)
 *
 * Numbers are little endian.
 */
const HEAD_MAGIC = Buffer.from('ATSPOOL\n', 'latin1');
const VERSION = 1;
const ID_BYTES = 16;
const ID_OFFSET = HEAD_MAGIC.length + 4;

/** Length of a file's head. */
export const HEAD_BYTES = ID_OFFSET + ID_BYTES + 4;

/** What every record begins with. */
export const RECORD_MAGIC = Buffer.from([0xa7, 0x52, 0x45, 0x43]);

/** Length of a record without facts and bytes. */
export const RECORD_HEAD_BYTES = RECORD_MAGIC.length + 12;

/** Tells one file from another, whatever they are called; in hex. */
export type FileId = string;

export function newFileId(): FileId {
  return randomBytes(ID_BYTES).toString('hex');
}

export function encodeHead(id: FileId): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  HEAD_MAGIC.copy(head);
  head.writeUInt32LE(VERSION, HEAD_MAGIC.length);
  head.write(id, ID_OFFSET, 'hex');
  head.writeUInt32LE(crc32(head.subarray(0, HEAD_BYTES - 4)), HEAD_BYTES - 4);
  return head;
}

/** What a file's head says; undefined when it is none. `id` is undefined when the version is not ours. */
export function parseHead(head: Buffer): { version: number; id: FileId | undefined } | undefined {
  if (head.length < HEAD_BYTES || !head.subarray(0, HEAD_MAGIC.length).equals(HEAD_MAGIC)) return undefined;
  if (head.readUInt32LE(HEAD_BYTES - 4) !== crc32(head.subarray(0, HEAD_BYTES - 4))) return undefined;
  const version = head.readUInt32LE(HEAD_MAGIC.length);
  const id = head.toString('hex', ID_OFFSET, ID_OFFSET + ID_BYTES);
  return { version, id: version === VERSION ? id : undefined };
}

/** A record in two pieces, so that the batch's bytes are not copied. */
export function encodeRecord(batch: SpooledBatch): [Buffer, Uint8Array] {
  const { bytes, ...facts } = batch;
  const json = Buffer.from(JSON.stringify(facts));
  const head = Buffer.alloc(RECORD_HEAD_BYTES);
  RECORD_MAGIC.copy(head);
  head.writeUInt32LE(json.length, 4);
  head.writeUInt32LE(bytes.length, 8);
  head.writeUInt32LE(checksum(head, json, bytes), 12);
  return [Buffer.concat([head, json]), bytes];
}

/** How long the record is that begins here, if one does. */
export function recordLength(head: Buffer): number | undefined {
  if (head.length < RECORD_HEAD_BYTES || !head.subarray(0, RECORD_MAGIC.length).equals(RECORD_MAGIC))
    return undefined;
  return RECORD_HEAD_BYTES + head.readUInt32LE(4) + head.readUInt32LE(8);
}

/**
 * The batch in exactly these bytes; undefined when they are not what was written.
 * @throws RangeError when they are, but this version cannot know what they mean.
 */
export function decodeRecord(record: Buffer): SpooledBatch | undefined {
  if (recordLength(record) !== record.length) return undefined;
  const json = record.subarray(RECORD_HEAD_BYTES, RECORD_HEAD_BYTES + record.readUInt32LE(4));
  const bytes = record.subarray(RECORD_HEAD_BYTES + json.length);
  if (record.readUInt32LE(12) !== checksum(record, json, bytes)) return undefined;
  const facts: unknown = JSON.parse(json.toString());
  if (!isFacts(facts)) throw new RangeError('a record of another version');
  return { ...facts, bytes };
}

function checksum(head: Buffer, json: Uint8Array, bytes: Uint8Array): number {
  return crc32(bytes, crc32(json, crc32(head.subarray(4, 12))));
}

function isFacts(value: unknown): value is Omit<SpooledBatch, 'bytes'> {
  if (typeof value !== 'object' || value === null) return false;
  const facts = value as Partial<Record<keyof SpooledBatch, unknown>>;
  return (
    isTableName(facts.table) &&
    typeof facts.token === 'string' &&
    Array.isArray(facts.columns) &&
    Array.isArray(facts.touched) &&
    (facts.positions === undefined || arePositions(facts.positions)) &&
    [facts.rows, facts.acceptedAt, facts.receivedAt].every(Number.isSafeInteger)
  );
}
