import { z } from 'zod';

/** The parts of OpenAPI 3.1 that our document is made of; strict: what is misspelt is no part of it. */
const described = z.string().min(1);
const schemaSchema = z.union([z.boolean(), z.record(z.string(), z.unknown())]);
const refSchema = z.strictObject({ $ref: z.string().startsWith('#/components/') });
const parameterSchema = z.strictObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  description: described,
  schema: schemaSchema,
});
const headerSchema = z.strictObject({ description: described, schema: schemaSchema });
const contentSchema = z.record(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/), z.strictObject({ schema: schemaSchema }));
const responseSchema = z.strictObject({
  description: described,
  headers: z.record(z.string(), z.union([refSchema, headerSchema])).optional(),
  content: contentSchema.optional(),
});
const securitySchema = z.array(z.record(z.string(), z.array(z.string())));

const operationSchema = z.strictObject({
  operationId: z.string().regex(/^[A-Za-z]\w*$/),
  tags: z.array(z.string()).min(1),
  summary: described,
  description: described,
  security: securitySchema.optional(),
  parameters: z.array(z.union([refSchema, parameterSchema])),
  requestBody: z.strictObject({ description: described, required: z.boolean(), content: contentSchema }).optional(),
  responses: z.record(z.string().regex(/^(?:[1-5]\d\d|default)$/), z.union([refSchema, responseSchema])),
});
export type DocumentedOperation = z.infer<typeof operationSchema>;

export const documentSchema = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({
    title: described,
    version: described,
    summary: described,
    description: described,
    license: z.strictObject({ name: described, identifier: described }),
  }),
  servers: z.array(z.strictObject({ url: z.string(), description: described })),
  security: securitySchema,
  tags: z.array(z.strictObject({ name: described, description: described })),
  paths: z.record(
    z.string().startsWith('/'),
    z.strictObject({ get: operationSchema.optional(), post: operationSchema.optional() }),
  ),
  components: z.strictObject({
    securitySchemes: z.record(
      z.string(),
      z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer'), description: described }),
    ),
    schemas: z.record(z.string(), schemaSchema),
    headers: z.record(z.string(), headerSchema),
    parameters: z.record(z.string(), parameterSchema),
    responses: z.record(z.string(), responseSchema),
  }),
});
export type OpenApiDocument = z.infer<typeof documentSchema>;

/** An operation with where it is. */
export interface PlacedOperation {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly operation: DocumentedOperation;
}

export function operationsOf({ paths }: OpenApiDocument): PlacedOperation[] {
  const placed: PlacedOperation[] = [];
  for (const [path, { get, post }] of Object.entries(paths)) {
    if (get !== undefined) placed.push({ method: 'GET', path, operation: get });
    if (post !== undefined) placed.push({ method: 'POST', path, operation: post });
  }
  return placed;
}

/** What a `$ref` stands for; undefined when it leads nowhere. */
export function resolveRef(document: OpenApiDocument, ref: string): unknown {
  let value: unknown = document;
  for (const part of ref.replace(/^#\//, '').split('/')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(part.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return value;
}

/** The parameters of an operation, references followed. */
export function parametersOf(document: OpenApiDocument, { parameters }: DocumentedOperation) {
  return parameters.map((each) => parameterSchema.parse('$ref' in each ? resolveRef(document, each.$ref) : each));
}

/** Each object within a value, with its path. */
export function* objectsIn(value: unknown, path = ''): Generator<{ path: string; object: Map<string, unknown> }> {
  if (typeof value !== 'object' || value === null) return;
  const object = new Map<string, unknown>(Object.entries(value));
  yield { path, object };
  for (const [key, inner] of object) yield* objectsIn(inner, `${path}/${key}`);
}
