import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { askRest } from '../../support/rest-surface.ts';
import type { RestAnswer, RestQuestion } from '../../support/rest-surface.ts';
import { openSecuredApp } from '../../support/secured-app.ts';
import type { SecuredApp } from '../../support/secured-app.ts';

/** REST of the whole product. */
let app: SecuredApp;

beforeAll(async () => {
  app = await openSecuredApp();
});

afterAll(() => app.close());

function ask(method: string, path: string, { headers = {}, ...question }: RestQuestion = {}): Promise<RestAnswer> {
  const own = { authorization: `Bearer ${app.localToken}`, ...headers };
  return askRest(app.url.replace(/\/mcp$/, path), method, { headers: own, ...question });
}

const runSchema = z.object({ run: z.object({ runId: z.string(), status: z.string() }) });
const plannedSchema = z.object({ plan: z.object({ planId: z.string() }) });

test('a run is started, found, read and, once its plan is given back, cancelled', async () => {
  const body = { operations: 100_000_000 };
  const { run } = runSchema.parse((await ask('POST', '/api/v1/tools/run_drill', { body })).body);
  expect((await ask('GET', '/api/v1/runs?kind=drill&limit=1')).body).toMatchObject({ runs: [{ runId: run.runId }] });
  expect((await ask('GET', `/api/v1/runs/${run.runId}`)).body).toMatchObject({ run: { kind: 'drill' } });
  const { lines } = (await ask('GET', `/api/v1/runs/${run.runId}/log?limit=5`)).body;
  expect(Array.isArray(lines)).toBe(true);
  const planned = await ask('POST', `/api/v1/runs/${run.runId}/cancel`);
  const { plan } = plannedSchema.parse(planned.body);
  const cancelled = await ask('POST', `/api/v1/runs/${run.runId}/cancel`, { body: { planId: plan.planId } });
  expect(cancelled.status).toBe(200);
  await app.services.runs.waitFor(run.runId);
  expect((await ask('GET', `/api/v1/runs/${run.runId}`)).body).toMatchObject({ run: { status: 'cancelled' } });
});

test('what a path says is not said again, nor may it be anything', async () => {
  expect((await ask('GET', '/api/v1/runs/none')).body).toMatchObject({ code: 'not_found', status: 404 });
  expect((await ask('POST', '/api/v1/runs/none/explode')).body).toMatchObject({ code: 'invalid_input', status: 400 });
  const twice = await ask('POST', '/api/v1/runs/none/pause', { body: { runId: 'other' } });
  expect(twice).toMatchObject({ status: 400, body: { detail: '"runId" is in the path and in the body.' } });
});

test('pages lead on by cursors that count for their caller alone', async () => {
  for (const label of ['a', 'b'])
    await ask('POST', '/api/v1/tools/run_drill', { body: { operations: 1 }, headers: { 'idempotency-key': label } });
  const first = await ask('GET', '/api/v1/runs?kind=drill&limit=1');
  const cursor = z.string().parse(first.body['nextCursor']);
  const second = await ask('GET', `/api/v1/runs?kind=drill&limit=1&cursor=${encodeURIComponent(cursor)}`);
  expect(second.status).toBe(200);
  expect(second.body['runs']).not.toEqual(first.body['runs']);
  const token = await app.issuer.token({ subject: 'ada', scope: 'lightdom:read' });
  const foreign = await ask('GET', `/api/v1/runs?kind=drill&cursor=${encodeURIComponent(cursor)}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(foreign.status).toBe(400);
});

test('status, metrics and configuration are those of the process', async () => {
  expect((await ask('GET', '/api/master/status')).body).toMatchObject({
    status: 'running',
    orchestrators: { startup: { state: 'running' } },
  });
  expect((await ask('GET', '/api/master/metrics')).body).toMatchObject({ campaignsActive: 0, agentsRunning: 0 });
  const config = JSON.stringify((await ask('GET', '/api/v1/config')).body);
  expect(config).toContain('"key":"database.url"');
  expect(config).not.toContain(app.localToken);
});

test('a stop that is asked for stops the system', async () => {
  expect(await ask('POST', '/api/master/stop')).toMatchObject({ status: 202 });
  await expect.poll(() => ask('GET', '/livez').catch(() => 'gone'), { timeout: 20_000 }).toBe('gone');
});
