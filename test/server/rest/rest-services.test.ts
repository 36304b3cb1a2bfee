import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createServiceFolder } from '../../support/service-folder.ts';
import { askRest } from '../../support/rest-surface.ts';
import type { RestAnswer, RestQuestion } from '../../support/rest-surface.ts';
import { openSecuredApp } from '../../support/secured-app.ts';
import type { SecuredApp } from '../../support/secured-app.ts';

/** Services of a manifest over real HTTP. */
const folder = createServiceFolder();
let app: SecuredApp;

beforeAll(async () => {
  app = await openSecuredApp({ manifest: folder.manifest, workspace: folder.path });
});

afterAll(async () => {
  await app.close();
  folder.remove();
});

function ask(method: string, path: string, { headers = {}, ...question }: RestQuestion = {}): Promise<RestAnswer> {
  const own = { authorization: `Bearer ${app.localToken}`, ...headers };
  return askRest(app.url.replace(/\/mcp$/, path), method, { headers: own, ...question });
}

const plannedSchema = z.object({ plan: z.object({ planId: z.string() }) });

test('services are listed, found by name with their availability, and read', async () => {
  const failed = await ask('GET', '/api/v1/services?state=failed');
  expect(failed).toMatchObject({ status: 200, body: { services: [{ name: 'broken', state: 'failed' }] } });
  const one = await ask('GET', '/api/v1/services/talker?availability=true');
  expect(one.body).toMatchObject({ services: [{ name: 'talker', state: 'ready' }] });
  expect(JSON.stringify(one.body)).toMatch(/"availability":\{"hour":[\d.]+/);
  const log = await ask('GET', '/api/v1/services/talker/logs?tail=1000');
  expect(JSON.stringify(log.body)).toContain('"line":"hello from talker"');
});

test('a service is stopped once its plan is given back, and started again', async () => {
  const { plan } = plannedSchema.parse((await ask('POST', '/api/v1/services/reader/stop')).body);
  const stopped = await ask('POST', '/api/v1/services/reader/stop', { body: { planId: plan.planId } });
  expect(stopped).toMatchObject({ status: 200, body: { service: { name: 'reader', state: 'stopped' } } });
  const started = await ask('POST', '/api/v1/services/reader/start');
  expect(started).toMatchObject({ status: 200, body: { service: { name: 'reader', isWanted: true } } });
});

test('what is not there, or can not be moved alone, is refused', async () => {
  expect((await ask('GET', '/api/v1/services/nobody')).body).toMatchObject({ code: 'not_found', status: 404 });
  expect((await ask('POST', '/api/v1/services/database/stop')).body).toMatchObject({ code: 'conflict', status: 409 });
  expect((await ask('POST', '/api/v1/services/talker/explode')).body).toMatchObject({ code: 'invalid_input' });
});

test('who may only read sees the list, and neither logs nor control', async () => {
  const token = await app.issuer.token({ subject: 'ada', scope: 'lightdom:read' });
  const headers = { authorization: `Bearer ${token}` };
  expect((await ask('GET', '/api/v1/services', { headers })).status).toBe(200);
  expect((await ask('GET', '/api/v1/services/talker/logs', { headers })).status).toBe(403);
  expect((await ask('POST', '/api/v1/services/talker/restart', { headers })).status).toBe(403);
});
