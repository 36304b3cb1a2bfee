import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { isDeeperThan } from '../../mcp/argument-limits.ts';

/** Arguments may have sixteen levels; what nests deeper would exhaust who writes it out again. */
const MAX_BODY_DEPTH = 32;

const objectSchema = z.record(z.string(), z.unknown());
const typedSchema = z.object({ type: z.string() });

/** What the body says. An empty one says nothing. Throws `invalid_input` for what is no object. */
export function bodyOf({ body = {} }: Pick<FastifyRequest, 'body'>): Readonly<Record<string, unknown>> {
  if (isDeeperThan(body, MAX_BODY_DEPTH))
    throw new AppError('invalid_input', `The body nests more than ${MAX_BODY_DEPTH} levels.`);
  const parsed = Array.isArray(body) ? undefined : objectSchema.safeParse(body).data;
  if (parsed !== undefined) return parsed;
  throw new AppError('invalid_input', 'The body is no JSON object.', { hint: 'Send `{…}`, or no body at all.' });
}

export interface InputFields {
  /** Names that the path has. */
  readonly variables: readonly string[];
  /** JSON Schemas of the input's fields, by name. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The input of a tool out of path and query, or path and body. Throws `invalid_input` for a field that comes twice. */
export function inputOf(
  request: Pick<FastifyRequest, 'method' | 'params' | 'query' | 'body'>,
  { variables, properties }: InputFields,
): Readonly<Record<string, unknown>> {
  const params = objectSchema.parse(request.params ?? {});
  const fromPath = Object.fromEntries(variables.map((name) => [name, params[name]]));
  const isQuery = request.method !== 'POST';
  const given = isQuery ? fieldsOfQuery(objectSchema.parse(request.query), properties) : bodyOf(request);
  const twice = variables.find((name) => Object.hasOwn(given, name));
  if (twice === undefined) return { ...given, ...fromPath };
  throw new AppError('invalid_input', `"${twice}" is in the path and in the ${isQuery ? 'query' : 'body'}.`, {
    hint: 'Leave it out of the latter.',
  });
}

/** A query is text; what its fields are is for the schema to say. What does not read as that stays text, and is refused. */
function fieldsOfQuery(query: Readonly<Record<string, unknown>>, properties: InputFields['properties']) {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      valueOf(value, typedSchema.safeParse(properties[name]).data?.type),
    ]),
  );
}

function valueOf(value: unknown, type = 'string'): unknown {
  switch (type) {
    case 'integer':
    case 'number':
      return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
    case 'boolean':
      return value === 'true' || value === 'false' ? value === 'true' : value;
    case 'array':
      return Array.isArray(value) ? value : [value];
    default:
      return value;
  }
}
