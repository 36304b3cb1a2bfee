import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/core/errors.ts';
import { RequestAnswerStore } from '../../../src/server/http/rest/request-answer-store.ts';
import { defineTool } from '../../../src/surface/index.ts';
import type { Catalog } from '../../../src/surface/index.ts';
import { createGate } from '../../support/gate.ts';
import type { Gate } from '../../support/gate.ts';
import { AUDIENCE, startIssuer } from '../../support/issuer-server.ts';
import { serveRest } from '../../support/rest-surface.ts';
import type { RestSurface } from '../../support/rest-surface.ts';
import { TOKEN } from '../../support/surface-client.ts';
import { createProductDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

const COUNT = '/api/v1/tools/count';
const KEYED = { 'idempotency-key': 'one' };

let database: TestDatabase;
let rest: RestSurface;
let calls = 0;
let gate: Gate | undefined;
let began: Gate;
let failure: AppError | undefined;

beforeEach(async () => {
  database = await createProductDatabase();
  calls = 0;
  gate = undefined;
  began = createGate();
  failure = undefined;
  rest = await serveRest(countingCatalog(), {}, new RequestAnswerStore(database.database));
});

afterEach(async () => {
  gate?.open();
  await rest.close();
  await database.drop();
});

/** Counts how often it was really called; fails, or holds, when the test says so. */
function countingCatalog(): Catalog {
  const count = defineTool({
    name: 'count',
    title: 'Count',
    description: 'Counts.',
    effect: 'write',
    idempotent: false,
    openWorld: false,
    input: z.object({ by: z.int().default(1), note: z.string().optional() }),
    output: z.object({ calls: z.int() }),
    async run({ by }) {
      calls += by;
      began.open();
      await gate?.opened;
      if (failure !== undefined) throw failure;
      return { calls };
    },
  });
  const toolset = { id: 'test', title: 'Test', description: 'For tests.', isDefault: true };
  return { toolsets: [{ toolset, tools: [count] }], resources: [], prompts: [] };
}

describe('Idempotency-Key', () => {
  test('the same request is done once and answered the same', async () => {
    const first = await rest.post(COUNT, { headers: KEYED, body: { by: 1, note: 'a' } });
    expect(first).toMatchObject({ status: 200, body: { calls: 1 } });
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    const again = await rest.post(COUNT, { headers: KEYED, body: { note: 'a', by: 1 } });
    expect(again).toMatchObject({ status: 200, body: { calls: 1 } });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect((await rest.post(COUNT, { headers: { 'idempotency-key': 'two' } })).body).toEqual({ calls: 2 });
    expect((await rest.post(COUNT)).body).toEqual({ calls: 3 });
  });

  test('another request with the key is refused, and leaves the first answer', async () => {
    await rest.post(COUNT, { headers: KEYED });
    const others = [
      rest.post(COUNT, { headers: KEYED, body: { by: 2 } }),
      rest.post(COUNT, { headers: { ...KEYED, 'x-lightdom-read-only': '0', 'x-lightdom-toolsets': 'test' } }),
      rest.post('/api/master/start', { headers: KEYED }),
    ];
    for (const answer of await Promise.all(others))
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input', status: 422 } });
    expect((await rest.post(COUNT, { headers: KEYED })).body).toEqual({ calls: 1 });
  });

  test('a failure that may have done something is the answer too; one that did nothing leaves the key free', async () => {
    failure = new AppError('conflict', 'Campaign c_41 is already running.');
    expect((await rest.post(COUNT, { headers: KEYED })).status).toBe(409);
    failure = new AppError('not_ready', 'The services are still starting.');
    expect((await rest.post(COUNT, { headers: { 'idempotency-key': 'two' } })).status).toBe(503);
    failure = undefined;
    const again = await rest.post(COUNT, { headers: KEYED });
    expect(again).toMatchObject({ status: 409, body: { detail: 'Campaign c_41 is already running.' } });
    expect(again.headers['content-type']).toContain('application/problem+json');
    expect((await rest.post(COUNT, { headers: { 'idempotency-key': 'two' } })).body).toEqual({ calls: 3 });
    const denied = { 'idempotency-key': 'three', 'x-lightdom-read-only': 'true' };
    expect((await rest.post(COUNT, { headers: denied })).status).toBe(403);
    expect((await rest.post(COUNT, { headers: { 'idempotency-key': 'three' } })).status).toBe(200);
  });

  test('while the first is at work the second is told so; the first goes on when its caller has gone', async () => {
    gate = createGate();
    const controller = new AbortController();
    const first = fetch(`${rest.server.url}${COUNT}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, ...KEYED },
      signal: controller.signal,
    }).catch((error: unknown) => error);
    await began.opened;
    const second = await rest.post(COUNT, { headers: KEYED });
    expect(second).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(second.body['detail']).toContain('still at work');
    controller.abort();
    await first;
    gate.open();
    await expect.poll(() => rest.post(COUNT, { headers: KEYED })).toMatchObject({ status: 200, body: { calls: 1 } });
  });

  test('keys that are none are refused', async () => {
    for (const key of ['', ' ', 'x'.repeat(256), 'a b']) {
      const answer = await rest.post(COUNT, { headers: { 'idempotency-key': key } });
      expect({ key, status: answer.status }).toEqual({ key, status: 400 });
    }
    expect(calls).toBe(0);
  });

  test('answers outlast the process; what one left behind without an answer is not done again', async () => {
    await rest.post(COUNT, { headers: KEYED });
    const dead = new RequestAnswerStore(database.database);
    const left = { owner: 'local', key: 'left', fingerprint: await fingerprintOf('left') };
    await dead.begin(left);
    const next = await serveRest(countingCatalog(), {}, new RequestAnswerStore(database.database));
    expect((await next.post(COUNT, { headers: KEYED })).body).toEqual({ calls: 1 });
    const unknown = await next.post(COUNT, { headers: { 'idempotency-key': 'left' } });
    expect(unknown).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(unknown.body['detail']).toContain('has left no answer');
    expect(calls).toBe(1);
    await next.close();
  });

  test('a key is of its owner', async () => {
    const issuer = await startIssuer();
    const config = {
      host: '127.0.0.1',
      port: 0,
      oauth: { issuer: issuer.issuer, audience: AUDIENCE, requiredScopes: [] },
    };
    const shared = await serveRest(countingCatalog(), { config }, new RequestAnswerStore(database.database));
    const ask = async (subject: string) => {
      const token = await issuer.token({ subject, scope: 'lightdom:write' });
      return shared.post(COUNT, { headers: { ...KEYED, authorization: `Bearer ${token}` } });
    };
    const answers = [
      await ask('ada'),
      await ask('bob'),
      await ask('ada'),
      await shared.post(COUNT, { headers: KEYED }),
    ];
    expect(answers.map(({ body }) => body['calls'])).toEqual([1, 2, 1, 3]);
    await shared.close();
    await issuer.close();
  });
});

/** As the first process would have stored it: taken from a key that is answered. */
async function fingerprintOf(key: string): Promise<string> {
  await rest.post(COUNT, { headers: { 'idempotency-key': `${key}-probe` }, body: { by: 0 } });
  await rest.post(COUNT, { headers: { 'idempotency-key': `${key}-none` } });
  calls -= 1;
  const rows = await database.database.query(
    z.object({ fingerprint: z.string() }),
    'select fingerprint from lightdom.request_answer where key = $1',
    [`${key}-none`],
  );
  return rows[0]?.fingerprint ?? '';
}

describe('RequestAnswerStore', () => {
  const answer = { status: 200, type: 'application/json', body: '{}' };
  const request = (owner: string, key: string) => ({ owner, key, fingerprint: 'f' });

  test('forgets what is too old, and the oldest of what is too much, but nothing that is at work', async () => {
    const store = new RequestAnswerStore(database.database, { ttlMs: 60_000, maxOfOwner: 2, maxAll: 4 });
    await store.begin(request('ada', 'at work'));
    for (const [owner, key] of [
      ['bob', 'b1'],
      ['ada', 'a1'],
      ['ada', 'a2'],
      ['ada', 'a3'],
    ] as const) {
      await store.begin(request(owner, key));
      await store.keep(request(owner, key), answer);
    }
    expect(await keys()).toEqual(['a2', 'a3', 'at work', 'b1']);
    for (const key of ['c1', 'c2']) {
      await store.begin(request('cyd', key));
      await store.keep(request('cyd', key), answer);
    }
    expect(await keys()).toEqual(['a2', 'a3', 'at work', 'c1', 'c2']);
    await database.database.execute(
      `update lightdom.request_answer set created_at = created_at - interval '2 minutes'`,
    );
    await store.begin(request('ada', 'new'));
    expect(await keys()).toEqual(['new']);
  });

  test('two that come at once with a key are one', async () => {
    const store = new RequestAnswerStore(database.database);
    const states = await Promise.all(Array.from({ length: 8 }, () => store.begin(request('ada', 'same'))));
    expect(states.map(({ kind }) => kind).toSorted()).toEqual([...Array.from({ length: 7 }, () => 'begun'), 'new']);
  });

  async function keys(): Promise<string[]> {
    const sql = 'select key from lightdom.request_answer order by key';
    return (await database.database.query(z.object({ key: z.string() }), sql)).map(({ key }) => key);
  }
});
