import { z } from 'zod';

/**
 * The JSON Schema (draft 2020-12) of a canonical schema, for consumers in other languages.
 * @throws Error when the schema cannot be expressed in JSON Schema.
 */
export function toJsonSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      delete jsonSchema['storedAs'];
    },
  });
}
