import fc from 'fast-check';
import { z } from 'zod';

const countSchema = z.number().optional();
const nodeSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  minLength: countSchema,
  maxLength: countSchema,
  minimum: countSchema,
  maximum: countSchema,
  minItems: countSchema,
});
type Node = z.infer<typeof nodeSchema>;

/** By field: values that are there, which no random text would ever hit. */
export type KnownValues = Readonly<Record<string, readonly unknown[]>>;

/** Nothing is learnt from longer ones. */
const MAX_LENGTH = 30;
const MAX_ITEMS = 3;

/** Values that fit a JSON Schema, mostly: any field may hold anything in one of thirty. */
export function valuesOf(schema: unknown, known: KnownValues = {}): fc.Arbitrary<unknown> {
  const node = nodeSchema.safeParse(schema).data;
  const fitting = node === undefined ? fc.jsonValue() : fittingValues(node, known);
  return fc.oneof({ weight: 29, arbitrary: fitting }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
}

/** Any text that HTTP can carry, with what databases and file systems stumble over. */
export function texts(minLength = 0, maxLength = MAX_LENGTH): fc.Arbitrary<string> {
  const bounds = { minLength: Math.min(minLength, MAX_LENGTH), maxLength: Math.min(maxLength, MAX_LENGTH) };
  return fc.oneof(
    fc.string(bounds),
    fc.string({ ...bounds, unit: 'binary' }),
    fc.constantFrom('../..', 'a\0b', '%', '\\', "'"),
  );
}

function fittingValues(node: Node, known: KnownValues): fc.Arbitrary<unknown> {
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  if (node.anyOf !== undefined) return fc.oneof(...node.anyOf.map((each) => valuesOf(each, known)));
  switch (node.type ?? '') {
    case 'string':
      return texts(node.minLength, node.maxLength);
    case 'integer':
      return fc.integer({ min: node.minimum ?? -1_000, max: Math.min(node.maximum ?? 1_000, 2 ** 31 - 1) });
    case 'number':
      return fc.double({ min: node.minimum ?? -1_000, max: node.maximum ?? 1_000, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valuesOf(node.items, known), { minLength: node.minItems ?? 0, maxLength: MAX_ITEMS });
    case 'object':
      return objectValues(node, known);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectValues(
  { properties, required = [], additionalProperties }: Node,
  known: KnownValues,
): fc.Arbitrary<unknown> {
  if (properties === undefined) return fc.dictionary(texts(1), valuesOf(additionalProperties), { maxKeys: MAX_ITEMS });
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, fieldValues(name, schema, known)]),
  );
  return fc.record(fields, { requiredKeys: required, noNullPrototype: true });
}

/** Mostly what is there, where something is known. */
export function fieldValues(name: string, schema: unknown, known: KnownValues): fc.Arbitrary<unknown> {
  const values = valuesOf(schema, known);
  const there = known[name];
  if (there === undefined) return values;
  return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...there) }, { weight: 1, arbitrary: values });
}
