import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry } from '../../../src/server/mcp/audit-log.ts';
import { AUDIENCE, startIssuer } from '../../support/issuer-server.ts';
import type { IssuerServer } from '../../support/issuer-server.ts';
import { serveRest } from '../../support/rest-surface.ts';
import type { RestAnswer, RestSurface } from '../../support/rest-surface.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';

let issuer: IssuerServer;
let rest: RestSurface;
const entries: AuditEntry[] = [];

beforeAll(async () => {
  issuer = await startIssuer();
  const oauth = { issuer: issuer.issuer, audience: AUDIENCE, requiredScopes: [] };
  const audit = { record: (entry: AuditEntry) => void entries.push(entry) };
  rest = await serveRest(createTestCatalog().catalog, { config: { host: '127.0.0.1', port: 0, oauth }, audit });
});

afterAll(async () => {
  await rest.close();
  await issuer.close();
});

async function ask(scope: string, method: string, path: string): Promise<RestAnswer> {
  const token = await issuer.token({ subject: 'ada', scope });
  return rest.ask(method, path, { headers: { authorization: `Bearer ${token}` } });
}

test.each([
  { method: 'GET', path: '/api/master/status', granted: '', needed: 'lightdom:read' },
  { method: 'GET', path: '/api/v1/tools', granted: '', needed: 'lightdom:read' },
  { method: 'GET', path: '/api/v1/config', granted: 'lightdom:run', needed: 'lightdom:admin' },
  { method: 'POST', path: '/api/master/start', granted: 'lightdom:run', needed: 'lightdom:admin' },
  { method: 'POST', path: '/api/master/stop', granted: 'lightdom:write', needed: 'lightdom:admin' },
  { method: 'POST', path: '/api/v1/tools/refuse', granted: 'lightdom:read', needed: 'lightdom:write' },
])('$method $path needs $needed, and says so in a challenge', async ({ method, path, granted, needed }) => {
  const answer = await ask(granted, method, path);
  expect(answer).toMatchObject({ status: 403, body: { code: 'permission_denied' } });
  expect(answer.body['detail']).toContain(needed);
  expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"');
  expect(answer.headers['www-authenticate']).toContain(needed);
  expect(entries.at(-1)).toMatchObject({
    caller: { principal: `${issuer.issuer}|ada` },
    outcome: 'permission_denied',
    deniedBy: `scope ${needed}`,
  });
});

test('the list of tools has those alone that the scopes reach', async () => {
  const { body } = await ask('lightdom:read', 'GET', '/api/v1/tools');
  expect(body['tools']).toMatchObject([{ name: 'echo' }, { name: 'malformed' }, { name: 'slow' }]);
});

test('what acts on the system, and what the policy denies, is recorded', async () => {
  await rest.post('/api/master/stop');
  expect(entries.at(-1)).toMatchObject({
    kind: 'request',
    name: 'POST /api/master/stop',
    outcome: 'ok',
    deniedBy: undefined,
  });
  const readOnly = { 'x-lightdom-read-only': 'true' };
  await rest.post('/api/master/stop', { headers: readOnly });
  expect(entries.at(-1)).toMatchObject({ name: 'POST /api/master/stop', deniedBy: 'X-LightDom-Read-Only' });
  await rest.post('/api/v1/tools/refuse', { headers: readOnly });
  expect(entries.at(-1)).toMatchObject({ kind: 'tool', name: 'refuse', deniedBy: 'X-LightDom-Read-Only' });
});
