import { z } from 'zod';

const toolSchemaSchema = z
  .object({
    type: z.literal('object'),
    properties: z.record(z.string(), z.json()).optional(),
    required: z.array(z.string()).optional(),
  })
  .catchall(z.json());

const outlineSchema = z.union([
  z.object({ type: z.enum(['object', 'array']) }),
  // References lead into definitions, which are deeper.
  z.object({ $ref: z.string() }).transform(() => ({})),
  z.json(),
]);

/** A JSON Schema (2020-12) whose root is an object, as `tools/list` carries it. */
export type ToolSchema = z.infer<typeof toolSchemaSchema>;

/** What a caller may send. Unknown fields are refused, as the server does. */
export function inputSchemaOf(schema: z.ZodObject): ToolSchema {
  const meta = schema.meta();
  return toToolSchema(meta === undefined ? schema.strict() : schema.strict().meta(meta), 'input');
}

/**
 * What an answer looks like, its fields alone: all that lies deeper is only said to be an object or a list. A reader of
 * the list pays for each of them with every tool, and reads the answer itself. Open: a client that checks answers must not
 * break on a field that is new to it.
 */
export function outputSchemaOf(schema: z.ZodObject): ToolSchema {
  const whole = toToolSchema(z.object(outlineOf(schema.shape)), 'output');
  const { type, required } = whole;
  const properties = z.record(z.string(), outlineSchema).parse(whole.properties ?? {});
  return { type, properties, ...(required === undefined ? {} : { required }) };
}

/** Without what lies deeper, which would be converted only to be thrown away. */
function outlineOf(shape: Readonly<Record<string, z.core.$ZodType>>): z.ZodRawShape {
  return Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, outlineOfField(field)]));
}

function outlineOfField(field: z.core.$ZodType): z.core.$ZodType {
  if (field instanceof z.ZodOptional) return z.optional(outlineOfField(field.unwrap()));
  if (field instanceof z.ZodObject || field instanceof z.ZodRecord) return z.object({});
  return field instanceof z.ZodArray ? z.array(z.unknown()) : field;
}

function toToolSchema(schema: z.ZodObject, io: 'input' | 'output'): ToolSchema {
  const { $schema: dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    override: ({ jsonSchema }) => trim(jsonSchema, io),
  });
  // The protocol's own dialect goes without saying, unless the tool says it.
  return toolSchemaSchema.parse(schema.meta()?.['$schema'] === undefined ? rest : { $schema: dialect, ...rest });
}

/** Every tool list is read by a model: what only repeats the format, the type or JavaScript's limits is noise. */
function trim(schema: z.core.JSONSchema.BaseSchema, io: 'input' | 'output'): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  // Open to anything: said in the one way that every host understands.
  if (isEmpty(schema.additionalProperties)) schema.additionalProperties = true;
  if (io === 'input') return;
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  // The answer's text stands on its own; describing its fields again would cost every caller thousands of tokens.
  delete schema.description;
}

function isEmpty(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0;
}
