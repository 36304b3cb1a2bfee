/** Routes of the four frameworks, and calls that look like them. */
export const ROUTE_FILES: Readonly<Record<string, string>> = {
  'handlers.ts': `export function list(): void {}\nexport const show = (): void => load();\nexport function load(): void {}\nexport function guard(): void {}\n`,
  'express.ts': `import express from 'express';
import { guard, list, load } from './handlers';
const app = express();
app.get('/users', guard, list);
app.route('/nothing');
app.post('/users', (request: unknown) => { void request; load(); });
app.get('setting');
`,
  'fastify.ts': `import type { FastifyInstance } from 'fastify';
import * as handlers from './handlers';
export function register(server: FastifyInstance): void {
  server.route({ method: 'put', url: '/users/:id', handler: handlers.show });
  server.delete('/users/:id', { schema: {} }, handlers.list);
}
`,
  'hono.ts': `import { Hono } from 'hono';
import { list } from './handlers';
export const api = new Hono().get('/a', list).post('/b', (c) => c.text('b'));
`,
  'nest.ts': `import { Controller, Get, Post } from '@nestjs/common';
import { load } from './handlers';
@Controller('cats')
export class Cats {
  @Get() all(): void { load(); }
  @Post(':id/feed') feed(): void {}
  helper(): void {}
}
`,
  'cache.ts': `const cache = new Map<string, unknown>();\nexport const get = cache.get('/users');\n`,
};
