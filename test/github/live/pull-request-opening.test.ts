import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { messageOf } from '../../../src/core/errors.ts';
import type { PullRequestRequest, RepositoryName } from '../../../src/github/index.ts';
import { failureOf } from '../../support/failure-of.ts';
import { openGithubDesk } from '../../support/github-desk.ts';
import type { GithubDesk } from '../../support/github-desk.ts';

let desk: GithubDesk;

beforeAll(async () => {
  desk = await openGithubDesk();
});
afterAll(() => desk.stop());

const numbers = z.array(z.object({ number: z.number() }));

async function pullNumbers({ owner, name }: RepositoryName): Promise<readonly number[]> {
  const pulls = await desk.hub.ask(`/repos/${owner}/${name}/pulls?state=all`);
  return numbers.parse(pulls).map(({ number }) => number);
}

function asked(repository: RepositoryName, head: string, more: Partial<PullRequestRequest> = {}): PullRequestRequest {
  return { repository, head, base: 'main', title: `Change ${head}`, body: 'Before: 1 error. After: none.', ...more };
}

describe('openPullRequest', () => {
  test('opens a draft of a pushed branch, with a label that is created for it', async () => {
    const repository = await desk.repository('plain');
    const sha = await desk.push(repository, 'agent/fix');
    const opened = await desk.service().openPullRequest(asked(repository, 'agent/fix'));
    expect(opened).toMatchObject({
      outcome: 'opened',
      notes: [],
      pullRequest: { number: 1, state: 'open', isDraft: true, head: 'agent/fix', headOwner: 'acme', headCommit: sha },
    });
    expect(await desk.hub.ask('/repos/acme/plain/pulls/1')).toMatchObject({
      title: 'Change agent/fix',
      draft: true,
      commits: 1,
      changed_files: 1,
      labels: [{ name: 'lightdom' }],
    });
  });

  test('finds the one that is open, however often it is asked for, and gives it the label that it lacks', async () => {
    const repository = await desk.repository('twice');
    await desk.push(repository, 'agent/fix');
    const first = await desk.service({ labels: [] }).openPullRequest(asked(repository, 'agent/fix'));
    const second = await desk.service().openPullRequest(asked(repository, 'agent/fix', { title: 'Another' }));
    expect([first.outcome, second.outcome]).toEqual(['opened', 'existing']);
    expect(second.pullRequest.number).toBe(first.pullRequest.number);
    expect(await pullNumbers(repository)).toEqual([1]);
    expect(await desk.hub.ask('/repos/acme/twice/pulls/1')).toMatchObject({
      title: 'Change agent/fix',
      labels: [{ name: 'lightdom' }],
    });
  });

  test('leaves closed what a person closed, and says so', async () => {
    const repository = await desk.repository('closed');
    await desk.push(repository, 'agent/fix');
    const service = desk.service();
    await service.openPullRequest(asked(repository, 'agent/fix'));
    await desk.hub.control({ order: 'setState', ...repository, number: 1, state: 'closed' });
    await desk.push(repository, 'agent/other');
    const again = await service.openPullRequest(asked(repository, 'agent/fix'));
    expect(again).toMatchObject({ outcome: 'rejected', pullRequest: { number: 1, state: 'closed' } });
    expect(again.notes).toEqual(['A person closed #1 without merging it; it is not opened again.']);
    expect(await pullNumbers(repository)).toEqual([1]);
    expect(await desk.hub.ask('/repos/acme/closed/pulls/1')).toMatchObject({ state: 'closed' });
  });

  test('opens another one after it closed the first itself, unless a person closed that anew', async () => {
    const repository = await desk.repository('reopened');
    await desk.push(repository, 'agent/fix');
    const service = desk.service();
    await service.openPullRequest(asked(repository, 'agent/fix'));
    await service.closeOwn({ repository, number: 1, reason: 'No longer needed.' });
    const second = await service.openPullRequest(asked(repository, 'agent/fix'));
    expect(second).toMatchObject({ outcome: 'opened', pullRequest: { number: 2 } });
    await service.closeOwn({ repository, number: 2, reason: 'No longer needed.' });
    await desk.hub.control({ order: 'setState', ...repository, number: 2, state: 'open' });
    await desk.hub.control({ order: 'setState', ...repository, number: 2, state: 'closed' });
    const third = await service.openPullRequest(asked(repository, 'agent/fix'));
    expect(third).toMatchObject({ outcome: 'rejected', pullRequest: { number: 2 } });
  });

  test('does not open one of a branch that was merged', async () => {
    const repository = await desk.repository('merged');
    await desk.push(repository, 'agent/fix');
    await desk.service().openPullRequest(asked(repository, 'agent/fix'));
    await desk.hub.control({ order: 'merge', ...repository, number: 1 });
    const again = await desk.service().openPullRequest(asked(repository, 'agent/fix'));
    expect(again).toMatchObject({ outcome: 'merged', pullRequest: { number: 1, state: 'merged' } });
    expect(await pullNumbers(repository)).toEqual([1]);
  });

  test('has at most as many open as configured; those of people do not count', async () => {
    const repository = await desk.repository('many');
    const service = desk.service({ maxOpenPullRequests: 2 });
    for (const branch of ['people/x', 'agent/1', 'agent/2', 'agent/3']) await desk.push(repository, branch);
    const body = { title: 'Ours', head: 'people/x', base: 'main' };
    await desk.hub.ask('/repos/acme/many/pulls', { method: 'POST', body });
    await service.openPullRequest(asked(repository, 'agent/1'));
    await service.openPullRequest(asked(repository, 'agent/2'));
    const failure = await failureOf(service.openPullRequest(asked(repository, 'agent/3')));
    expect(failure).toMatchObject({
      code: 'limit_reached',
      message: `2 own pull requests are open in acme/many, and 2 may be: ${desk.hub.gitUrl}/acme/many/pull/3, ${desk.hub.gitUrl}/acme/many/pull/2.`,
      hint: 'Have some merged or closed first, or raise `github.maxOpenPullRequests`.',
    });
    await service.closeOwn({ repository, number: 2, reason: 'Stale.' });
    expect((await service.openPullRequest(asked(repository, 'agent/3'))).outcome).toBe('opened');
  });

  test('says why GitHub refuses: no such branch, no such base, nothing to merge', async () => {
    const repository = await desk.repository('refused');
    const service = desk.service();
    await desk.push(repository, 'agent/fix');
    expect(await failureOf(service.openPullRequest(asked(repository, 'agent/absent')))).toMatchObject({
      code: 'invalid_input',
      message: 'GitHub refused POST /repos/acme/refused/pulls: Validation Failed; PullRequest head invalid.',
      details: { status: 422, reason: 'bad_head' },
    });
    expect(await failureOf(service.openPullRequest(asked(repository, 'agent/fix', { base: 'next' })))).toMatchObject({
      code: 'invalid_input',
      details: { reason: 'bad_base' },
    });
    await desk.push(repository, 'agent/same', true);
    const nothing = await failureOf(service.openPullRequest(asked(repository, 'agent/same')));
    expect(nothing).toMatchObject({ code: 'conflict', hint: 'Commit and push first.' });
    expect(messageOf(nothing)).toContain('Branch agent/same has no commits that main has not');
  });

  test('finds the one that somebody opened between its look and its request', async () => {
    const repository = await desk.repository('race');
    await desk.push(repository, 'agent/fix');
    await desk.service().openPullRequest(asked(repository, 'agent/fix'));
    // The first look sees nothing.
    await desk.hub.control({ order: 'fail', method: 'GET', path: '/race/pulls', status: 200, body: [], times: 2 });
    const second = await desk.service().openPullRequest(asked(repository, 'agent/fix'));
    expect(second).toMatchObject({ outcome: 'existing', pullRequest: { number: 1 } });
    const refusals = (await desk.hub.requests()).filter(
      ({ path, status }) => path.endsWith('/race/pulls') && status === 422,
    );
    expect(refusals.map(({ method }) => method)).toEqual(['POST']);
  });

  test('finds what was opened though the answer got lost', async () => {
    const repository = await desk.repository('lost');
    await desk.push(repository, 'agent/fix');
    await desk.hub.control({ order: 'fail', method: 'POST', path: '/lost/pulls', kind: 'lost' });
    const opened = await desk.service().openPullRequest(asked(repository, 'agent/fix'));
    expect(opened).toMatchObject({ outcome: 'opened', pullRequest: { number: 1 } });
    expect(await pullNumbers(repository)).toEqual([1]);
  });

  test('opens one ready for review where there are no drafts, if that is allowed', async () => {
    const repository = await desk.repository('undrafted');
    await desk.hub.control({ order: 'setRepository', ...repository, hasDrafts: false });
    await desk.push(repository, 'agent/fix');
    expect(await failureOf(desk.service().openPullRequest(asked(repository, 'agent/fix')))).toMatchObject({
      code: 'unsupported',
      hint: 'Set `github.draft` to false, or `github.draftFallback` to true.',
    });
    const opened = await desk.service({ draftFallback: true }).openPullRequest(asked(repository, 'agent/fix'));
    expect(opened).toMatchObject({
      outcome: 'opened',
      pullRequest: { isDraft: false },
      notes: ['This repository knows no drafts: it was opened ready for review.'],
    });
  });

  test('does without labels that it may not create', async () => {
    const repository = await desk.repository('unlabelled');
    await desk.hub.control({ order: 'setRepository', ...repository, mayLabel: false });
    await desk.push(repository, 'agent/fix');
    const { outcome, notes } = await desk.service().openPullRequest(asked(repository, 'agent/fix'));
    expect(outcome).toBe('opened');
    expect(notes).toEqual([
      expect.stringMatching(/^Label lightdom was not created: GitHub denied POST .*\/labels: Resource/),
    ]);
  });

  test('takes no branch but ours, and none that is protected', async () => {
    const repository = { owner: 'acme', name: 'plain' };
    const service = desk.service({ protectedBranches: ['agent/release*'] });
    for (const head of ['fix', 'agent/release-1', 'main']) {
      const failure = await failureOf(service.openPullRequest(asked(repository, head)));
      expect(failure).toMatchObject({ code: 'permission_denied' });
    }
    const failure = await failureOf(service.openPullRequest(asked(repository, 'agent/x y')));
    expect(failure).toMatchObject({ code: 'invalid_input' });
  });

  test('cuts a body that is too long for GitHub, and says so at its end', async () => {
    const repository = await desk.repository('long');
    await desk.push(repository, 'agent/fix');
    const body = `\`\`\`\n${'line of a log\n'.repeat(10_000)}\`\`\`\n`;
    await desk.service().openPullRequest(asked(repository, 'agent/fix', { body }));
    const pull = await desk.hub.ask('/repos/acme/long/pulls/1');
    const kept = z.object({ body: z.string() }).parse(pull).body;
    expect(kept.length).toBeLessThanOrEqual(65_536);
    expect(kept).toMatch(/\n```\n\n_Cut here: \d+ more characters\._$/);
  });
});

describe('listOwnOpen', () => {
  test('sees own ones past the first hundred', async () => {
    const repository = await desk.repository('pages');
    await desk.push(repository, 'agent/all');
    const many = { ...repository, prefix: 'agent/', count: 120, revision: 'agent/all', user: desk.hub.login };
    await desk.hub.control({ order: 'addPulls', ...many });
    const branches = Array.from({ length: 120 }, (_, index) => `agent/${index}`);
    const { items, isComplete } = await desk.service().listOwnOpen({ repository });
    expect(isComplete).toBe(true);
    expect(new Set(items.map(({ head }) => head))).toEqual(new Set(branches));
    const pages = (await desk.hub.requests()).filter(
      ({ path, method }) => method === 'GET' && path.endsWith('/pages/pulls'),
    );
    expect(pages.map(({ query }) => query)).toEqual(['?state=open&per_page=100', '?state=open&per_page=100&page=2']);
  });
});
