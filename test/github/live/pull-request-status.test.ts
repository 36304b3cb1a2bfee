import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RepositoryName } from '../../../src/github/index.ts';
import { pullRequestStatusSchema } from '../../../src/github/pull-request-schema.ts';
import { runGit } from '../../../src/git/run-git.ts';
import { gitCredentials, openGithubDesk } from '../../support/github-desk.ts';
import type { GithubDesk } from '../../support/github-desk.ts';

let desk: GithubDesk;

beforeAll(async () => {
  desk = await openGithubDesk({ accounts: { ghp_ada: 'ada' } });
});
afterAll(() => desk.stop());

async function opened(name: string): Promise<RepositoryName> {
  const repository = await desk.repository(name);
  await desk.push(repository, 'agent/fix');
  const asked = { repository, head: 'agent/fix', base: 'main', title: 'Fix', body: '' };
  await desk.service().openPullRequest(asked);
  return repository;
}

describe('the status of a pull request', () => {
  test('without checks and reviews says that there are none', async () => {
    const repository = await opened('fresh');
    const status = await desk.service().getPullRequestStatus({ repository, number: 1 });
    expect(pullRequestStatusSchema.parse(status)).toEqual(status);
    expect(status).toMatchObject({
      state: 'open',
      isDraft: true,
      mergeable: 'yes',
      review: 'none',
      checks: { state: 'none', passing: 0, failing: 0, pending: 0, failures: [] },
      notes: [],
    });
  });

  test('counts check runs and commit statuses together', async () => {
    const repository = await opened('checked');
    const checks = { order: 'setChecks', ...repository, revision: 'agent/fix' } as const;
    const look = async (): Promise<unknown> =>
      (await desk.service().getPullRequestStatus({ repository, number: 1 })).checks;
    await desk.hub.control({
      ...checks,
      runs: [
        { name: 'build', status: 'completed', conclusion: 'success' },
        { name: 'docs', status: 'completed', conclusion: 'skipped' },
      ],
      statuses: [{ context: 'legacy/ci', state: 'success' }],
    });
    expect(await look()).toEqual({ state: 'passing', passing: 3, failing: 0, pending: 0, failures: [] });
    await desk.hub.control({
      ...checks,
      runs: [{ name: 'build', status: 'in_progress', conclusion: null }],
      statuses: [{ context: 'legacy/ci', state: 'success' }],
    });
    expect(await look()).toMatchObject({ state: 'pending', passing: 1, pending: 1 });
    await desk.hub.control({
      ...checks,
      runs: [
        { name: 'build', status: 'completed', conclusion: 'timed_out' },
        { name: 'slow', status: 'queued', conclusion: null },
      ],
      statuses: [{ context: 'legacy/ci', state: 'error' }],
    });
    expect(await look()).toEqual({
      state: 'failing',
      passing: 0,
      failing: 2,
      pending: 1,
      failures: [
        { name: 'build', url: `${desk.hub.gitUrl}/acme/checked/runs/1` },
        { name: 'legacy/ci', url: `${desk.hub.gitUrl}/acme/checked/status/1` },
      ],
    });
  });

  test('reads more than one page of check runs', async () => {
    const repository = await opened('paged');
    const runs = Array.from({ length: 130 }, (_, index) => ({
      name: `run ${index}`,
      status: 'completed' as const,
      conclusion: index === 129 ? ('failure' as const) : ('success' as const),
    }));
    await desk.hub.control({ order: 'setChecks', ...repository, revision: 'agent/fix', runs });
    const { checks } = await desk.service().getPullRequestStatus({ repository, number: 1 });
    expect(checks).toMatchObject({ state: 'failing', passing: 129, failing: 1 });
  });

  test('takes the last word of each reviewer who has a say', async () => {
    const repository = await opened('reviewed');
    const review = { order: 'review', ...repository, number: 1 } as const;
    const look = async (): Promise<string> =>
      (await desk.service().getPullRequestStatus({ repository, number: 1 })).review;
    await desk.hub.control({ ...review, user: 'stranger', state: 'APPROVED', association: 'NONE' });
    await desk.hub.control({ ...review, user: desk.hub.login, state: 'APPROVED' });
    expect(await look()).toBe('none');
    await desk.hub.control({ ...review, user: 'ada', state: 'CHANGES_REQUESTED' });
    await desk.hub.control({ ...review, user: 'ben', state: 'APPROVED', association: 'OWNER' });
    expect(await look()).toBe('changes_requested');
    await desk.hub.control({ ...review, user: 'ada', state: 'COMMENTED' });
    expect(await look()).toBe('changes_requested');
    await desk.hub.control({ ...review, user: 'ada', state: 'APPROVED' });
    expect(await look()).toBe('approved');
  });

  test('says that it conflicts, and how it ended', async () => {
    const repository = await opened('ended');
    const base = await desk.push(repository, 'people/other');
    const push = ['push', '--quiet', `${desk.hub.gitUrl}/acme/ended.git`, `${base}:refs/heads/main`];
    await runGit(desk.clone.root, push, { env: gitCredentials(desk.hub.token) });
    expect(await desk.service().getPullRequestStatus({ repository, number: 1 })).toMatchObject({
      mergeable: 'conflicts',
    });
    await desk.hub.control({ order: 'setState', ...repository, number: 1, state: 'closed' });
    const closed = await desk.service().getPullRequestStatus({ repository, number: 1 });
    expect(closed).toMatchObject({ state: 'closed', mergeable: 'unknown' });
    expect(closed.mergeCommit).toBeUndefined();
    const other = await opened('merged');
    await desk.hub.control({ order: 'merge', ...other, number: 1 });
    const merged = await desk.service().getPullRequestStatus({ repository: other, number: 1 });
    expect(merged.state).toBe('merged');
    expect(merged.mergeCommit).toMatch(/^[0-9a-f]{40}$/);
    expect(await desk.hub.ask('/repos/acme/merged/branches/main')).toMatchObject({
      commit: { sha: merged.mergeCommit },
    });
  });

  test('says what the token may not see', async () => {
    const repository = await opened('unseen');
    const body = { message: 'Resource not accessible by personal access token' };
    await desk.hub.control({ order: 'fail', path: '/check-runs', status: 403, body });
    const { checks, notes } = await desk.service().getPullRequestStatus({ repository, number: 1 });
    expect(checks.state).toBe('none');
    expect(notes).toEqual([expect.stringMatching(/^Its check runs could not be seen: GitHub denied GET .*check-runs/)]);
  });
});

describe('a pull request of ours', () => {
  test('gets another title and body while it is open', async () => {
    const repository = await opened('updated');
    const service = desk.service();
    const place = { repository, number: 1 };
    expect(await service.updatePullRequest({ ...place, title: 'Better\n title', body: 'New.' })).toMatchObject({
      title: 'Better title',
    });
    expect(await desk.hub.ask('/repos/acme/updated/pulls/1')).toMatchObject({ body: 'New.', state: 'open' });
    await desk.hub.control({ order: 'setState', ...repository, number: 1, state: 'closed' });
    await expect(service.updatePullRequest({ ...place, title: 'Again' })).rejects.toMatchObject({
      code: 'conflict',
      message: 'Pull request #1 is closed; it is left as it is.',
    });
  });

  test('is closed with a comment, and only if it is ours', async () => {
    const repository = await opened('closing');
    await desk.push(repository, 'people/x');
    const body = { title: 'Ours', head: 'people/x', base: 'main' };
    await desk.hub.ask('/repos/acme/closing/pulls', { method: 'POST', body });
    const service = desk.service();
    const closed = await service.closeOwn({ repository, number: 1, reason: 'The error is gone.' });
    expect(closed.state).toBe('closed');
    expect(await desk.hub.ask('/repos/acme/closing/issues/1/comments')).toMatchObject([
      { body: 'The error is gone.\n\n<!-- lightdom:closing -->' },
    ]);
    expect(await service.closeOwn({ repository, number: 1, reason: 'Again.' })).toEqual(closed);
    await expect(service.closeOwn({ repository, number: 2, reason: 'Mine.' })).rejects.toMatchObject({
      code: 'permission_denied',
      message: 'Pull request #2 is of branch people/x, which is not one of ours.',
    });
    expect(await desk.hub.ask('/repos/acme/closing/pulls/2')).toMatchObject({ state: 'open' });
  });

  test('has one comment of a key, which is rewritten; a copy by others is left alone', async () => {
    const repository = await opened('commented');
    const service = desk.service();
    const place = { repository, number: 1 };
    const marker = '<!-- lightdom:report -->';
    await service.comment({ ...place, body: 'First.', key: 'report' });
    await service.comment({ ...place, body: 'Second.', key: 'report' });
    await service.comment({ ...place, body: 'Plain.' });
    const comments = '/repos/acme/commented/issues/1/comments';
    expect(await desk.hub.ask(comments)).toMatchObject([{ body: `Second.\n\n${marker}` }, { body: 'Plain.' }]);
    const other = await opened('copied');
    await desk.hub.control({ order: 'addComment', ...other, number: 1, body: marker, user: 'eve' });
    await service.comment({ repository: other, number: 1, body: 'Ours.', key: 'report' });
    expect(await desk.hub.ask('/repos/acme/copied/issues/1/comments')).toMatchObject([
      { body: marker },
      { body: `Ours.\n\n${marker}` },
    ]);
  });
});
