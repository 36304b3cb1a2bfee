import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import { edgeLines, nodeLines } from './edge-lines.ts';
import { extractFolder } from './extract-folder.ts';
import { ROUTE_FILES } from './route-files.ts';

let root = '';
let columns: GraphColumns;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-routes-')));
  for (const [path, text] of Object.entries(ROUTE_FILES)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  ({ columns } = await extractFolder(root, { engine: 'ts7' }));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('routes of express, fastify, hono and nest are nodes, other calls of the same names are not', () => {
  expect(nodeLines(columns).filter((line) => line.startsWith('route'))).toMatchInlineSnapshot(`
    [
      "route express.ts#GET /users",
      "route express.ts#POST /users",
      "route fastify.ts#register.PUT /users/:id",
      "route fastify.ts#register.DELETE /users/:id",
      "route hono.ts#api.POST /b",
      "route hono.ts#api.GET /a",
      "route nest.ts#Cats.all.GET /cats",
      "route nest.ts#Cats.feed.POST /cats/:id/feed",
    ]
  `);
});

test('routes lead to their handlers, and to what handlers written in place call', () => {
  const routes = edgeLines(columns, 'routes', 'calls', 'references', 'passes').filter((line) =>
    /#(?:\S+\.)?[A-Z]+ \/.* -> /.test(line),
  );
  expect(routes).toMatchInlineSnapshot(`
    [
      "calls express.ts#POST /users -> handlers.ts#load",
      "routes express.ts#GET /users -> handlers.ts#guard",
      "routes express.ts#GET /users -> handlers.ts#list",
      "routes fastify.ts#register.DELETE /users/:id -> handlers.ts#list",
      "routes fastify.ts#register.PUT /users/:id -> handlers.ts#show",
      "routes hono.ts#api.GET /a -> handlers.ts#list",
      "routes nest.ts#Cats.all.GET /cats -> nest.ts#Cats.all",
      "routes nest.ts#Cats.feed.POST /cats/:id/feed -> nest.ts#Cats.feed",
    ]
  `);
});
