import {
  Binary,
  Bool,
  type Data,
  Dictionary,
  Field,
  Float64,
  Int16,
  Int32,
  Int8,
  List,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Uint64,
  Utf8,
  Vector,
} from 'apache-arrow';
import type { LevelColumns } from '@autotrader/connector-core';
import type { Indices, Texts } from './dictionary.js';
import { packBits, validityOf } from './validity.js';
import { toComplementWords, toInt64Words } from './words.js';

/**
 * Collects the columns of one record batch, straight from typed arrays: floats are not even copied before the
 * stream is written. The same columns in the same order always give the same bytes.
 */
export class ArrowColumns {
  readonly #fields: Field[] = [];
  readonly #data: Data[] = [];

  constructor(readonly length: number) {}

  get names(): readonly string[] {
    return this.#fields.map(({ name }) => name);
  }

  timestamp(name: string, micros: Float64Array): this {
    return this.#add(name, makeData({ type: new TimestampMicrosecond('UTC'), data: int64(micros) }));
  }

  /** Left out where no row has one: ClickHouse fills in NULL. */
  nullableTimestamp(name: string, micros: Float64Array): this {
    return this.#addNullable(name, micros, (validity) =>
      makeData({ type: new TimestampMicrosecond('UTC'), data: int64(micros), ...validity }),
    );
  }

  /** `NaN` becomes 0. */
  uint64(name: string, values: Float64Array): this {
    return this.#add(name, makeData({ type: new Uint64(), data: uint64(values) }));
  }

  /** 2^64 - 1 less the value. */
  uint64Complement(name: string, values: Float64Array): this {
    const data = new BigUint64Array(toComplementWords(values).buffer);
    return this.#add(name, makeData({ type: new Uint64(), data }));
  }

  /** Left out where no row has one: ClickHouse fills in NULL. */
  nullableUint64(name: string, values: Float64Array): this {
    return this.#addNullable(name, values, (validity) =>
      makeData({ type: new Uint64(), data: uint64(values), ...validity }),
    );
  }

  float64(name: string, values: Float64Array): this {
    return this.#add(name, makeData({ type: new Float64(), data: values }));
  }

  /** Left out where no row has one: ClickHouse fills in NULL. */
  nullableFloat64(name: string, values: Float64Array): this {
    return this.#addNullable(name, values, (validity) =>
      makeData({ type: new Float64(), data: values, ...validity }),
    );
  }

  bool(name: string, flags: Uint8Array): this {
    const data = packBits(flags);
    return this.#add(name, makeData({ type: new Bool(), length: flags.length, data }));
  }

  texts(name: string, { values, indices }: Texts): this {
    const id = this.#fields.length;
    const type = new Dictionary(new Utf8(), indexType(indices), id);
    return this.#add(name, makeData({ type, data: indices, dictionary: new Vector([utf8(values)]) }));
  }

  /** Left out where all rows have the empty text: ClickHouse fills it in. */
  optionalTexts(name: string, texts: Texts): this {
    const isUsed = texts.indices.some((index) => texts.values[index] !== '');
    return isUsed ? this.texts(name, texts) : this;
  }

  /** Left out where no row has one: ClickHouse fills in 0, as for `NaN`. */
  optionalUint64(name: string, values: Float64Array): this {
    return values.every(Number.isNaN) ? this : this.uint64(name, values);
  }

  /** The same text in every row. */
  text(name: string, value: string): this {
    return this.texts(name, { values: [value], indices: new Int8Array(this.length) });
  }

  /** Every row its own text. */
  utf8(name: string, rows: readonly string[]): this {
    return this.#add(name, utf8(rows));
  }

  /** Every row its own bytes. */
  binary(name: string, rows: readonly Uint8Array[]): this {
    return this.#add(name, makeData({ type: new Binary(), ...bytesOf(rows) }));
  }

  levels(name: string, { offsets, price, size }: LevelColumns): this {
    const fields = [new Field('price', new Float64()), new Field('size', new Float64())];
    const type = new Struct(fields);
    const children = [price, size].map((data) => makeData({ type: new Float64(), data }));
    const child = makeData({ type, length: price.length, nullCount: 0, children });
    const list = new List(new Field('item', type));
    return this.#add(name, makeData({ type: list, nullCount: 0, valueOffsets: offsets, child }));
  }

  /** The whole as one Arrow IPC stream of one record batch. */
  toStream(): Uint8Array {
    const schema = new Schema(this.#fields);
    const type = new Struct(this.#fields);
    const data = makeData({ type, length: this.length, nullCount: 0, children: this.#data });
    return RecordBatchStreamWriter.writeAll([new RecordBatch(schema, data)]).toUint8Array(true);
  }

  #add(name: string, data: Data, nullable = false): this {
    this.#fields.push(new Field(name, data.type, nullable));
    this.#data.push(data);
    return this;
  }

  #addNullable(
    name: string,
    values: Float64Array,
    build: (validity: { nullBitmap: Uint8Array; nullCount: number }) => Data,
  ): this {
    const { bitmap, nullCount } = validityOf(values);
    if (nullCount === values.length) return this;
    return this.#add(name, build({ nullBitmap: bitmap, nullCount }), true);
  }
}

function int64(values: Float64Array): BigInt64Array {
  return new BigInt64Array(toInt64Words(values).buffer);
}

function uint64(values: Float64Array): BigUint64Array {
  return new BigUint64Array(toInt64Words(values).buffer);
}

function utf8(texts: readonly string[]): Data<Utf8> {
  return makeData({ type: new Utf8(), ...bytesOf(texts.map((text) => Buffer.from(text))) });
}

function bytesOf(rows: readonly Uint8Array[]): { valueOffsets: Int32Array; data: Uint8Array } {
  const valueOffsets = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => (valueOffsets[index + 1] = (valueOffsets[index] ?? 0) + row.length));
  return { valueOffsets, data: Buffer.concat(rows) };
}

function indexType(indices: Indices): Int8 | Int16 | Int32 {
  if (indices instanceof Int8Array) return new Int8();
  return indices instanceof Int16Array ? new Int16() : new Int32();
}
