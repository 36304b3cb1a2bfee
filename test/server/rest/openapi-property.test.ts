import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { PLAIN_ROUTES } from '../../../src/server/http/rest/plain-routes.ts';
import { catalog } from '../../../src/catalog.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createLocalBackend } from '../../../src/server/mcp/local-backend.ts';
import { openAppClient, SHOP } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';
import { documentSchema, operationsOf, parametersOf } from '../../support/openapi-checks.ts';
import type { OpenApiDocument, PlacedOperation } from '../../support/openapi-checks.ts';
import { serveRest } from '../../support/rest-surface.ts';
import type { RestAnswer, RestSurface } from '../../support/rest-surface.ts';
import { fieldValues, texts, valuesOf } from '../../support/schema-arbitrary.ts';
import type { KnownValues } from '../../support/schema-arbitrary.ts';
import { testSealer } from '../../support/test-sealer.ts';

/** Requests to each operation. The same ones each time: a failure is one of the change at hand. */
const REQUESTS = { numRuns: 12, seed: 6_020_214 };
/** What of the server's own failures a caller has to reckon with. */
const EXPECTED_FAILURES = new Set([501, 503, 504]);

let app: AppClient;
let rest: RestSurface;
let document: OpenApiDocument;
let known: KnownValues;

beforeAll(async () => {
  app = await openAppClient();
  const { runs } = await app.services.runs.list({ limit: 1 });
  known = {
    workspace: [SHOP],
    runId: runs.map(({ runId }) => runId),
    symbol: ['Cart', 'total', 'src/cart.ts'],
    from: ['total', 'checkout'],
    tool: ['graph_search', 'run_list', 'tool_call'],
  };
  const services = () => Promise.resolve(app.services);
  const backend = createLocalBackend({ catalog, log: createSilentLog(), sealer: testSealer, services });
  rest = await serveRest(catalog, { backend });
  document = documentSchema.parse((await rest.get('/api/openapi.json')).body);
});

afterAll(async () => {
  await rest.close();
  await app.close();
});

test('whatever an operation is sent, it answers as the description says, and never fails by itself', async () => {
  // Those written by hand are streams, texts, or need no words at all.
  const byHand = new Set(PLAIN_ROUTES.map(({ path }) => path));
  const operations = operationsOf(document).filter(({ path }) => !byHand.has(path));
  expect(operations.length).toBeGreaterThan(40);
  for (const placed of operations) {
    await fc.assert(
      fc.asyncProperty(requestsTo(placed), async ({ path, body, headers }) => {
        const answer = await rest.ask(placed.method, path, { headers, ...(body === undefined ? {} : { body }) });
        expect({ operation: placed.operation.operationId, ...faultsOf(placed, answer) }).toEqual({
          operation: placed.operation.operationId,
        });
      }),
      REQUESTS,
    );
  }
}, 300_000);

interface GeneratedRequest {
  readonly path: string;
  readonly body: unknown;
  readonly headers: Record<string, string>;
}

const bodySchema = z.object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) });

function requestsTo({ path, operation }: PlacedOperation): fc.Arbitrary<GeneratedRequest> {
  const parameters = parametersOf(document, operation);
  const inPath = parameters.filter((each) => each.in === 'path');
  const inQuery = parameters.filter((each) => each.in === 'query');
  const schema = bodySchema.safeParse(operation.requestBody).data?.content['application/json'].schema;
  return fc.record({
    path: fc
      .tuple(fc.tuple(...inPath.map((each) => fieldValues(each.name, each.schema, known))), queries(inQuery))
      .map(([values, query]) => pathOf(path, inPath, values) + query),
    body: operation.requestBody === undefined ? fc.constant(undefined) : bodies(schema),
    headers: requestHeaders(),
  });
}

function bodies(schema: unknown): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 18, arbitrary: valuesOf(schema, known) },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: texts(1) },
  );
}

function queries(parameters: readonly { readonly name: string; readonly schema: unknown }[]): fc.Arbitrary<string> {
  const fields = Object.fromEntries(parameters.map(({ name, schema }) => [name, fieldValues(name, schema, known)]));
  return fc.tuple(fc.record(fields, { requiredKeys: [] }), rarely(texts(1))).map(([values, stranger]) => {
    const given = Object.entries(values).flatMap(([name, value]) => pairsOf(name, value));
    const search = new URLSearchParams(stranger === undefined ? given : [...given, [stranger, 'x']]).toString();
    return search === '' ? '' : `?${search}`;
  });
}

function pairsOf(name: string, value: unknown): [string, string][] {
  return (Array.isArray(value) ? value : [value]).map((each) => [name, textOf(each)]);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function pathOf(path: string, variables: readonly { readonly name: string }[], values: readonly unknown[]): string {
  return variables.reduce(
    (text, { name }, index) => text.replace(`{${name}}`, encodeURIComponent(textOf(values[index]))),
    path,
  );
}

function requestHeaders(): fc.Arbitrary<Record<string, string>> {
  const headers = {
    'idempotency-key': fc.oneof(fc.uuid(), fc.string({ unit: 'grapheme-ascii', maxLength: 300 })),
    'x-lightdom-read-only': fc.constantFrom('true', '0', 'perhaps'),
    'x-lightdom-exclude-tools': fc.constantFrom('run_list', 'nothing', ','),
    traceparent: fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
  };
  return fc
    .record(Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, rarely(values)])))
    .map((given) => {
      const pairs = Object.entries(given).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value.trim()]],
      );
      return z.record(z.string(), z.string()).parse(Object.fromEntries(pairs));
    });
}

/** Most requests are to get past the first gates. */
function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  retryable: z.boolean(),
});
const contentSchema = z.object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) });

/** What is wrong with an answer; empty when nothing is. */
function faultsOf({ operation }: PlacedOperation, { status, headers, body }: RestAnswer): Record<string, unknown> {
  if (status >= 500 && !EXPECTED_FAILURES.has(status)) return { status, body };
  const type = String(headers['content-type']).split(';', 1).join('');
  if (status >= 400) {
    const isProblem = type === 'application/problem+json' && problemSchema.safeParse(body).data?.status === status;
    return isProblem ? {} : { status, type, body };
  }
  const response = contentSchema.safeParse(operation.responses[String(status)]).data;
  if (response === undefined) return { status, isUndocumented: true };
  return shapeFaults(response.content['application/json'].schema, body);
}

/** The fields that the description promises are there, each of its type. */
function shapeFaults(schema: unknown, body: RestAnswer['body']): Record<string, unknown> {
  const { required = [], properties = {} } = z
    .object({ required: z.array(z.string()).optional(), properties: z.record(z.string(), z.unknown()).optional() })
    .parse(schema);
  const missing = required.filter((name) => !Object.hasOwn(body, name));
  const wrong = Object.entries(properties).filter(
    ([name, field]) => Object.hasOwn(body, name) && !fits(field, body[name]),
  );
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(properties, name));
  const isOpen = Object.keys(properties).length <= 1;
  const faults = [...missing, ...wrong.map(([name]) => name), ...(isOpen ? [] : unknown)];
  return faults.length === 0 ? {} : { faults };
}

function fits(field: unknown, value: unknown): boolean {
  const { type } = z.object({ type: z.string().optional() }).parse(field);
  switch (type ?? '') {
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value === type;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return true;
  }
}
