import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pino } from 'pino';
import { describeError, messageOf } from '../../../src/core/errors.ts';
import { AppError } from '../../../src/core/errors.ts';
import { runGit } from '../../../src/git/run-git.ts';
import { failureOf } from '../../support/failure-of.ts';
import { gitCredentials, openGithubDesk } from '../../support/github-desk.ts';
import type { GithubDesk } from '../../support/github-desk.ts';

/** Of a form that no pattern of secrets knows: it must not show for other reasons than that. */
const CANARY = 'canary0123456789abcdef';
let desk: GithubDesk;

beforeAll(async () => {
  desk = await openGithubDesk({ basePath: '/api/v3', token: CANARY, login: 'bot', accounts: { other: 'bot2' } });
});
afterAll(() => desk.stop());

describe('where branches are pushed to', () => {
  test('is the repository itself where the token may', async () => {
    const repository = await desk.repository('direct');
    expect(desk.hub.apiUrl).toMatch(/\/api\/v3$/);
    expect(await desk.service().getPushTarget(repository)).toEqual({
      ...repository,
      gitUrl: `${desk.hub.gitUrl}/acme/direct.git`,
      isFork: false,
    });
    expect(desk.service().repositoryOf(`${desk.hub.gitUrl}/acme/direct.git`)).toEqual(repository);
  });

  test('is refused where it may not, with what to do', async () => {
    const repository = await desk.repository('foreign');
    await desk.hub.control({ order: 'setRepository', ...repository, isOpenToPush: false });
    await expect(desk.service().getPushTarget(repository)).rejects.toMatchObject({
      code: 'permission_denied',
      hint: 'Give it write access to contents, or set `github.fork` to push to a fork.',
    });
    await desk.hub.control({ order: 'setRepository', ...repository, isArchived: true });
    await expect(desk.service({ fork: true }).getPushTarget(repository)).rejects.toMatchObject({
      message: 'Repository acme/foreign is archived: nobody can write to it.',
    });
  });

  test('is a fork that is made and waited for, from which a pull request is opened', async () => {
    const repository = await desk.repository('upstream');
    await desk.hub.control({ order: 'setRepository', ...repository, isOpenToPush: false });
    const service = desk.service({ fork: true });
    const target = await service.getPushTarget(repository);
    expect(target).toEqual({
      owner: 'bot',
      name: 'upstream',
      gitUrl: `${desk.hub.gitUrl}/bot/upstream.git`,
      isFork: true,
    });
    const looks = (await desk.hub.requests()).filter(({ path }) => path.endsWith('/bot/upstream/branches/main'));
    expect(looks.map(({ status }) => status)).toEqual([404, 404, 200]);
    await expect(desk.push(repository, 'agent/fix')).rejects.toThrow('403');
    const sha = await desk.push(target, 'agent/fix');
    const asked = { repository, head: 'agent/fix', headOwner: target.owner, base: 'main', title: 'Fix', body: '' };
    const opened = await service.openPullRequest(asked);
    expect(opened).toMatchObject({ outcome: 'opened', pullRequest: { headOwner: 'bot', headCommit: sha } });
    expect(opened.notes).toEqual([expect.stringMatching(/^Label lightdom was not created/)]);
    expect((await service.openPullRequest(asked)).outcome).toBe('existing');
    expect((await service.listOwnOpen({ repository, headOwner: 'bot' })).items).toHaveLength(1);
    expect((await service.listOwnOpen({ repository })).items).toEqual([]);
    expect((await service.getPushTarget(repository)).owner).toBe('bot');
    await desk.hub.control({ order: 'merge', ...repository, number: 1 });
    expect(await desk.hub.ask('/repos/acme/upstream/pulls/1')).toMatchObject({ merged: true, head: { sha } });
  });
});

describe('the token', () => {
  test('stands in no error, log, body, file of git or remote', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const repository = await desk.repository('secret');
    await desk.push(repository, 'agent/fix');
    const service = desk.service({}, log);
    const failures: unknown[] = [];
    const text = `the token is ${CANARY}, so it is`;
    await desk.hub.control({ order: 'fail', path: '/secret/pulls', status: 500 });
    await service.openPullRequest({ repository, head: 'agent/fix', base: 'main', title: text, body: text });
    await service.comment({ repository, number: 1, body: text });
    await service.createIssue({ repository, title: text, body: text, key: 'k' });
    for (const status of [400, 401, 403, 404, 409, 422, 429, 500]) {
      const headers = { 'retry-after': '99' };
      const body = { message: `You sent Bearer ${CANARY}`, errors: [text, { message: text }] };
      await desk.hub.control({ order: 'fail', status, times: status === 500 ? 4 : 1, body, headers });
      failures.push(await failureOf(service.getRepository(repository)));
    }
    await desk.hub.control({ order: 'fail', status: 302, headers: { location: `http://127.0.0.1:9/${CANARY}` } });
    failures.push(await failureOf(service.getRepository(repository)));
    await desk.hub.control({ order: 'fail', kind: 'reset', times: 4 });
    failures.push(await failureOf(service.getRepository(repository)));
    failures.push(await failureOf(desk.service({ token: `${CANARY}\n` }, log).getRepository(repository)));
    const shown = failures.map((failure) => (failure instanceof AppError ? shownOf(failure) : messageOf(failure)));
    expect(shown).toHaveLength(11);
    for (const one of shown) expect(one).not.toContain(CANARY);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('')).not.toContain(CANARY);
    const requests = await desk.hub.requests();
    expect(requests.every(({ hasAuthorization }) => hasAuthorization)).toBe(true);
    expect(requests.some(({ body }) => body.includes('the token is [Redacted], so it is'))).toBe(true);
    expect(JSON.stringify(requests)).not.toContain(CANARY);
    const config = await runGit(desk.clone.root, ['config', '--list', '--show-origin']);
    expect(config).not.toContain(CANARY);
  });

  test('is asked for by git, and refused when it is wrong', async () => {
    await desk.repository('guarded');
    const url = `${desk.hub.gitUrl}/git/acme/guarded.git`;
    const list = (token: string): Promise<string> =>
      runGit(desk.clone.root, ['ls-remote', '--heads', url], { env: gitCredentials(token) });
    expect(await list(CANARY)).toMatch(/refs\/heads\/main/);
    expect(messageOf(await failureOf(list('wrong')))).toMatch(/Authentication failed|could not read Username/);
  });
});

/** All that any surface or log could show of it, and of what it came from. */
function shownOf(failure: AppError): string {
  const own = `${describeError(failure)} ${JSON.stringify(failure.details)} ${failure.stack ?? ''}`;
  return failure.cause instanceof Error ? `${own} ${failure.cause.stack ?? ''} ${JSON.stringify(failure.cause)}` : own;
}
