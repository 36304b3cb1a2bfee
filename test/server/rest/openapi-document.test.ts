import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { catalog } from '../../../src/catalog.ts';
import { openApiDocument } from '../../../src/server/http/rest/openapi-document.ts';
import { documentSchema, objectsIn, operationsOf, parametersOf, resolveRef } from '../../support/openapi-checks.ts';
import type { OpenApiDocument } from '../../support/openapi-checks.ts';
import { serveRest } from '../../support/rest-surface.ts';
import type { RestSurface } from '../../support/rest-surface.ts';

let rest: RestSurface;
let document: OpenApiDocument;

beforeAll(async () => {
  rest = await serveRest(catalog);
  document = documentSchema.parse((await rest.get('/api/openapi.json')).body);
});

afterAll(() => rest.close());

describe('the description at /api/openapi.json', () => {
  test('is that which is generated', () => {
    const { info, ...rest } = documentSchema.parse(openApiDocument({ catalog, version: '1' }));
    expect(info.version).toBe('1');
    expect({ ...document, info: undefined }).toEqual({ ...rest, info: undefined });
  });

  test('has each tool and each route once, under a name of its own', () => {
    const operations = operationsOf(document);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
    const tools = catalog.toolsets.flatMap((entry) => entry.tools.map(({ name }) => `/api/v1/tools/${name}`));
    const others = operations
      .map(({ method, path }) => `${method} ${path}`)
      .filter((place) => !tools.includes(place.slice(5)));
    expect(tools.filter((path) => document.paths[path]?.post === undefined)).toEqual([]);
    expect(others).toMatchInlineSnapshot(`
      [
        "GET /api/openapi.json",
        "GET /api/v1/tools",
        "GET /api/v1/config",
        "GET /api/v1/runs",
        "GET /api/v1/runs/{runId}",
        "GET /api/v1/runs/{runId}/log",
        "POST /api/v1/runs/{runId}/{action}",
        "GET /api/v1/services",
        "GET /api/v1/services/{name}",
        "GET /api/v1/services/{name}/logs",
        "POST /api/v1/services/{name}/{action}",
        "GET /api/git/status",
        "GET /api/git/diff",
        "POST /api/git/branch",
        "POST /api/git/commit",
        "GET /api/git/pr",
        "POST /api/git/pr",
        "POST /api/agents/start",
        "GET /api/agents/status",
        "GET /api/agents/tasks",
        "GET /api/agents/task",
        "GET /api/agents/transcript",
        "POST /api/agents/follow",
        "GET /api/master/status",
        "GET /api/master/metrics",
        "POST /api/master/start",
        "POST /api/master/stop",
        "POST /api/master/workflow",
        "POST /api/master/campaign",
        "GET /api/master/campaigns",
        "POST /api/master/training",
        "GET /api/events",
        "GET /metrics",
        "GET /livez",
        "GET /readyz",
        "GET /startupz",
      ]
    `);
  });

  test('uses tags that it explains, and refers to what it has', () => {
    const known = document.tags.map(({ name }) => name);
    expect(known).toEqual([...new Set(known)]);
    const used = operationsOf(document).flatMap(({ operation }) => operation.tags);
    expect([...new Set(used)].toSorted()).toEqual(known.toSorted());
    const refs = [...objectsIn(document)].flatMap(({ object }) => z.string().safeParse(object.get('$ref')).data ?? []);
    expect(refs.filter((ref) => resolveRef(document, ref) === undefined)).toEqual([]);
    expect([...objectsIn(document)].filter(({ object }) => object.has('$defs'))).toEqual([]);
  });

  test('has a parameter for each variable of a path, and never two of a name', () => {
    for (const { path, operation } of operationsOf(document)) {
      const parameters = parametersOf(document, operation);
      const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      expect({ path, inPath }).toEqual({ path, inPath: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name) });
      expect(parameters.filter((each) => each.in === 'path' && !each.required)).toEqual([]);
      const places = parameters.map((each) => `${each.in} ${each.name}`);
      expect(places).toEqual([...new Set(places)]);
    }
  });

  test('describes every field, and has no schema that can not be read', () => {
    const fields = [...objectsIn(document)].flatMap(({ path, object }) =>
      path.endsWith('/properties') ? [...object].map(([name, schema]) => ({ path: `${path}/${name}`, schema })) : [],
    );
    const isDescribed = z.union([z.object({ description: z.string().min(1) }), z.object({ $ref: z.string() })]);
    expect(fields.filter(({ schema }) => !isDescribed.safeParse(schema).success).map(({ path }) => path)).toEqual([]);
    const types = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
    for (const { path, object } of objectsIn(document)) {
      const type = object.get('type');
      if (!path.includes('schema') || typeof type !== 'string' || path.endsWith('/properties')) continue;
      expect({ path, isType: types.has(type) }).toEqual({ path, isType: true });
    }
  });

  test('names for each operation the scope that it needs and the failures that it may answer with', () => {
    const open = operationsOf(document).filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(({ path }) => path)).toEqual(['/livez', '/readyz', '/startupz']);
    for (const { path, method, operation } of operationsOf(document)) {
      if (operation.security?.length === 0) continue;
      const statuses = Object.keys(operation.responses);
      const promised = [
        '400',
        '401',
        '403',
        '429',
        'default',
        ...(method === 'POST' ? ['409', '413', '415', '422'] : []),
      ];
      expect({ path, missing: promised.filter((status) => !statuses.includes(status)) }).toEqual({ path, missing: [] });
      const scopes = operation.security?.flatMap(({ token = [] }) => token) ?? [];
      const isBuilt = statuses.some((status) => status.startsWith('2'));
      expect({ path, scopes: scopes.length }).toEqual({ path, scopes: isBuilt ? 1 : 0 });
    }
  });
});
