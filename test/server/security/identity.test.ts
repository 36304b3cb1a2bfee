import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { failureOf } from '../../support/failure-of.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { openSecuredApp } from '../../support/secured-app.ts';
import type { SecuredApp } from '../../support/secured-app.ts';

const UNKNOWN = 'f'.repeat(32);
const JSON_BODY = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const runAnswer = z.object({ run: z.object({ runId: z.string() }) });
const runsAnswer = z.object({ runs: z.array(z.object({ runId: z.string() })) });

let app: SecuredApp;

beforeAll(async () => {
  app = await openSecuredApp();
});
afterAll(() => app?.close());

async function textOf(client: Client, name: string, args: Record<string, unknown>): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args });
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

async function startedBy(client: Client): Promise<string> {
  const { structuredContent } = await client.callTool({ name: 'graph_index', arguments: {} });
  const { runId } = runAnswer.parse(structuredContent).run;
  await app.services.runs.waitFor(runId);
  return runId;
}

async function listedFor(client: Client): Promise<string[]> {
  const { structuredContent } = await client.callTool({ name: 'run_list', arguments: {} });
  return runsAnswer.parse(structuredContent).runs.map(({ runId }) => runId);
}

describe.each(['modern', 'legacy'] as const)('handles over HTTP, %s', (era) => {
  test('belong to whoever the token names; to others they answer as unknown ones', async () => {
    const ada = await app.connect(era, { subject: 'ada', scope: 'lightdom:run' });
    const bob = await app.connect(era, { subject: 'bob', scope: 'lightdom:run lightdom:write' });
    const runId = await startedBy(ada);
    expect(await textOf(ada, 'run_get', { runId })).toContain(runId);
    expect(await listedFor(ada)).toContain(runId);
    expect(await listedFor(bob)).toEqual([]);
    for (const [name, args] of [
      ['run_get', {}],
      ['run_control', { action: 'cancel' }],
    ] as const) {
      const foreign = await textOf(bob, name, { ...args, runId });
      expect(foreign).toContain('There is no run');
      expect(foreign.replaceAll(runId, UNKNOWN)).toBe(await textOf(bob, name, { ...args, runId: UNKNOWN }));
    }
    for (const suffix of ['', '/log']) {
      const foreign = await failureOf(bob.readResource({ uri: `run://${runId}${suffix}` }));
      const unknown = await failureOf(bob.readResource({ uri: `run://${UNKNOWN}${suffix}` }));
      expect(String(foreign)).toContain('There is no run');
      expect(String(foreign).replaceAll(runId, UNKNOWN)).toBe(String(unknown));
      expect((await ada.readResource({ uri: `run://${runId}${suffix}` })).contents).toHaveLength(1);
    }
  });

  test('are all seen by this machine and by admin', async () => {
    const ada = await app.connect(era, { subject: 'ada', scope: 'lightdom:run' });
    const runId = await startedBy(ada);
    for (const client of [
      await app.connect(era),
      await app.connect(era, { subject: 'root', scope: 'lightdom:admin' }),
    ]) {
      expect(await textOf(client, 'run_get', { runId })).toContain(runId);
      expect(await listedFor(client)).toContain(runId);
    }
  });
});

describe.each(['modern', 'legacy'] as const)('what is somebody else’s, %s', (era) => {
  test('is not followed: nothing is heard of it', async () => {
    const bob = await app.connect(era, { subject: 'bob', scope: 'lightdom:run' });
    const [foreign, own] = [await drillOf('ada'), await drillOf('bob')];
    const uris = [foreign, own].map((runId) => `run://${runId}`);
    const heard = new Set<string>();
    bob.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.add(params.uri));
    expect(await follow(era, bob, uris)).toEqual(era === 'modern' ? [] : [`There is no run \`${foreign}\`.`]);
    // Somebody else follows it, through the same server.
    const ada = await app.connect(era, { subject: 'ada', scope: 'lightdom:run' });
    const told = new Promise<string>((resolve) => {
      ada.setNotificationHandler('notifications/resources/updated', ({ params }) => resolve(params.uri));
    });
    expect(await follow(era, ada, uris.slice(0, 1))).toEqual([]);
    await app.services.runs.control(foreign, { action: 'cancel' });
    expect(await told).toBe(uris[0]);
    await app.services.runs.control(own, { action: 'cancel' });
    await expect.poll(() => [...heard]).toEqual(uris.slice(1));
  });
});

/** Returns how single ones were refused; a stream passes over them. */
async function follow(era: 'modern' | 'legacy', client: Client, uris: readonly string[]): Promise<string[]> {
  if (era === 'modern') {
    await client.listen({ resourceSubscriptions: [...uris] });
    return [];
  }
  const refused: string[] = [];
  for (const uri of uris) {
    const told = (error: unknown): void => void refused.push(/There is no run `\w+`\./.exec(String(error))?.[0] ?? '');
    await client.subscribeResource({ uri }).catch(told);
  }
  return refused;
}

async function drillOf(subject: string): Promise<string> {
  const input = { operations: 50_000_000, chunks: 1, seed: 1, keep: false };
  const { runId } = await app.services.runs.start('drill', input, { owner: `${app.issuer.issuer}|${subject}` });
  return runId;
}

test('a task is its owner’s: to others it is as one that does not exist', async () => {
  const ada = await app.connect('modern', { subject: 'ada', scope: 'lightdom:run' });
  const taskId = await startedBy(ada);
  const [bob, owner] = await Promise.all(
    ['bob', 'ada'].map((subject) => app.issuer.token({ subject, scope: 'lightdom:run' })),
  );
  for (const method of ['tasks/get', 'tasks/cancel', 'tasks/update']) {
    const [foreign, unknown] = await Promise.all([askTask(method, taskId, bob), askTask(method, UNKNOWN, bob)]);
    expect(foreign).toContain('There is no run');
    expect(foreign.replaceAll(taskId, UNKNOWN)).toBe(unknown);
  }
  expect(await askTask('tasks/get', taskId, owner)).toContain('"status":"completed"');
});

async function askTask(method: string, taskId: string, token: string | undefined): Promise<string> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { taskId, _meta: meta } });
  const headers = {
    ...JSON_BODY,
    authorization: `Bearer ${token ?? ''}`,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    'mcp-name': taskId,
  };
  return (await rawRequest(app.url, { method: 'POST', headers, body })).body;
}

describe('a session of the older protocol', () => {
  async function post(token: string, message: object, session?: string) {
    const own: Record<string, string> = session === undefined ? {} : { 'mcp-session-id': session };
    const headers = { ...JSON_BODY, authorization: `Bearer ${token}`, ...own };
    return rawRequest(app.url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
    });
  }

  const INITIALIZE = {
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
  };

  test('is bound to who opened it: to others, this machine included, it answers as one that never was', async () => {
    const [ada, bob] = await Promise.all(
      ['ada', 'bob'].map((subject) => app.issuer.token({ subject, scope: 'lightdom:admin' })),
    );
    const opened = await post(ada ?? '', INITIALIZE);
    const session = String(opened.headers['mcp-session-id']);
    expect((await post(ada ?? '', { method: 'ping' }, session)).status).toBe(200);
    for (const token of [bob ?? '', app.localToken]) {
      const foreign = await post(token, { method: 'ping' }, session);
      const unknown = await post(token, { method: 'ping' }, UNKNOWN);
      expect({ status: foreign.status, body: foreign.body }).toEqual({ status: 404, body: unknown.body });
      const headers = { authorization: `Bearer ${token}`, 'mcp-session-id': session };
      expect((await rawRequest(app.url, { method: 'DELETE', headers })).status).toBe(404);
    }
    expect((await post(ada ?? '', { method: 'ping' }, session)).status).toBe(200);
  });
});

describe('a call beyond the scopes of its token', () => {
  test('gets the challenge by which a client steps up, in both eras, before it is dispatched', async () => {
    const token = await app.issuer.token({ scope: 'lightdom:read' });
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'note_delete', arguments: {} } };
    for (const body of [call, [call]]) {
      const headers = { ...JSON_BODY, authorization: `Bearer ${token}` };
      const answer = await rawRequest(app.url, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(answer.status).toBe(403);
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer realm="lightdom", error="insufficient_scope", scope="lightdom:read lightdom:write", resource_metadata="https://lightdom.example/.well-known/oauth-protected-resource/mcp"',
      );
      expect(JSON.parse(answer.body)).toMatchObject({
        code: 'permission_denied',
        hint: 'Ask for a token with lightdom:write.',
      });
    }
  });

  test.each(['modern', 'legacy'] as const)('fails in a real client, %s, and nothing is done', async (era) => {
    const reader = await app.connect(era, { subject: 'eve', scope: 'lightdom:read' });
    for (const name of ['graph_index', 'run_drill', 'note_create', 'run_prune']) {
      expect(String(await failureOf(reader.callTool({ name, arguments: {} })))).toMatch(
        /403|Forbidden|scope|authoriz/i,
      );
    }
    expect(await listedFor(reader)).toEqual([]);
  });
});
