import {
  Bool,
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  List,
  Schema,
  Struct,
  TimestampMicrosecond,
  Uint64,
  Utf8,
} from 'apache-arrow';
import { z } from 'zod';

/**
 * The Arrow schema of a canonical schema: one field a property, in snake_case, without the constant `type`.
 * Times are `timestamp[us, UTC]`, ids `uint64`, texts `dictionary<int32, utf8>`, levels `list<struct>`.
 * An optional property is nullable.
 * @throws TypeError when the schema holds something that has no column type.
 */
export function toArrowSchema(schema: z.ZodType): Schema {
  return new Schema(fieldsOf(schema));
}

/** The column name of a property: `receivedAt` is `received_at`. */
function columnName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fieldsOf(schema: z.ZodType): Field[] {
  const object = unwrap(schema);
  if (!(object instanceof z.ZodObject)) throw new TypeError('only an object schema has columns');
  const shape: Record<string, z.ZodType> = object.shape;
  return Object.entries(shape)
    .filter(([, property]) => !(property instanceof z.ZodLiteral))
    .map(([name, property]) => new Field(columnName(name), arrowType(name, property), isOptional(property)));
}

function isOptional(property: z.ZodType): boolean {
  return property.safeParse(undefined).success;
}

function arrowType(name: string, property: z.ZodType): DataType {
  const storedAs = property.meta()?.storedAs ?? unwrap(property).meta()?.storedAs;
  if (storedAs === 'timestamp') return new TimestampMicrosecond('UTC');
  if (storedAs === 'uint64') return new Uint64();
  const type = unwrap(property);
  if (type instanceof z.ZodString || type instanceof z.ZodEnum)
    return new Dictionary(new Utf8(), new Int32());
  if (type instanceof z.ZodNumber) return new Float64();
  if (type instanceof z.ZodBoolean) return new Bool();
  if (type instanceof z.ZodArray)
    return new List(new Field('item', structOf(type.element as z.ZodType), false));
  throw new TypeError(`${name}: no column type for ${type.def.type}`);
}

function structOf(schema: z.ZodType): Struct {
  return new Struct(fieldsOf(schema));
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodReadonly || schema instanceof z.ZodOptional)
    return unwrap(schema.unwrap() as z.ZodType);
  return schema;
}
