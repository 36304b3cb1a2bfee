import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRepository } from '../../git/git-repository.ts';
import { askRest } from '../../support/rest-surface.ts';
import type { RestAnswer, RestQuestion } from '../../support/rest-surface.ts';
import { openSecuredApp } from '../../support/secured-app.ts';
import type { SecuredApp } from '../../support/secured-app.ts';

/** The repository of a workspace over real HTTP. */
const repository = createRepository({ 'a.ts': 'export const a = 1;\n' });
let app: SecuredApp;

beforeAll(async () => {
  repository.git('config', 'user.name', 'Ada');
  repository.git('config', 'user.email', 'ada@example.org');
  app = await openSecuredApp({ workspace: repository.root });
});

afterAll(async () => {
  await app.close();
  repository.remove();
});

function ask(method: string, path: string, { headers = {}, ...question }: RestQuestion = {}): Promise<RestAnswer> {
  const own = { authorization: `Bearer ${app.localToken}`, ...headers };
  return askRest(app.url.replace(/\/mcp$/, path), method, { headers: own, ...question });
}

test('a branch is made, a change is seen and committed', async () => {
  expect(await ask('GET', '/api/git/status')).toMatchObject({ status: 200, body: { branch: 'main' } });
  const branch = await ask('POST', '/api/git/branch', { body: { name: 'agent/x' } });
  expect(branch).toMatchObject({ status: 200, body: { branch: 'agent/x', isCheckedOut: true } });
  repository.write({ 'a.ts': 'export const a = 2;\n' });
  const diff = await ask('GET', '/api/git/diff?patch=true&paths=a.ts');
  expect(diff).toMatchObject({ status: 200, body: { total: 1, addedLines: 1, removedLines: 1 } });
  const commit = await ask('POST', '/api/git/commit', { body: { message: 'two' } });
  expect(commit).toMatchObject({ status: 200, body: { branch: 'agent/x', subject: 'two' } });
});

test('what is refused, or not set up, is a problem', async () => {
  expect(await ask('POST', '/api/git/branch', { body: { name: 'main' } })).toMatchObject({ status: 403 });
  expect(await ask('POST', '/api/git/pr', { body: { title: 't' } })).toMatchObject({
    status: 503,
    body: { code: 'not_configured' },
  });
  expect(await ask('GET', '/api/git/pr?number=1')).toMatchObject({ status: 503 });
});
