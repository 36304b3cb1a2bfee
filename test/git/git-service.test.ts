import { describe, expect, onTestFinished, test } from 'vitest';
import { GitService } from '../../src/git/git-runtime.ts';
import {
  gitOpenPrInputSchema,
  gitPrStatusInputSchema,
  renderGitOpenPr,
  renderGitPrStatus,
} from '../../src/git/index.ts';
import type { PullRequestHost, PullRequestProposal, PullRequestQuestion } from '../../src/git/index.ts';
import { failureOf } from '../support/failure-of.ts';
import { createRepository } from './git-repository.ts';
import type { GitRepository } from './git-repository.ts';

const SEEN = {
  number: 7,
  url: 'https://git.example/o/r/pull/7',
  title: 'Round',
  state: 'open',
  isDraft: true,
  head: 'work',
  base: 'main',
  mergeable: 'yes',
  review: 'none',
  checks: 'failing',
  failures: ['lint'],
  notes: [],
} as const;

/** A place for pull requests that keeps what it is asked. */
class ListeningHost implements PullRequestHost {
  readonly proposals: PullRequestProposal[] = [];
  readonly questions: PullRequestQuestion[] = [];

  open(proposal: PullRequestProposal) {
    this.proposals.push(proposal);
    return Promise.resolve({ kind: 'remote', url: SEEN.url, number: 7, state: 'open', isNew: true } as const);
  }

  status(question: PullRequestQuestion) {
    this.questions.push(question);
    return Promise.resolve({ ...SEEN, failures: [...SEEN.failures], notes: [] });
  }
}

const { signal } = new AbortController();

function setUp(host: PullRequestHost | undefined): {
  readonly service: GitService;
  readonly repository: GitRepository;
} {
  const repository = createRepository({ 'a.ts': 'a\n' });
  onTestFinished(() => repository.remove());
  repository.git('switch', '--quiet', '-c', 'work');
  const rootOf = () => Promise.resolve(repository.root);
  return { repository, service: new GitService({ rootOf, protectedBranches: ['main'], host }) };
}

describe('a pull request', () => {
  test('is planned by a sentence that says all that is published, and then opened', async () => {
    const host = new ListeningHost();
    const { service, repository } = setUp(host);
    const input = gitOpenPrInputSchema.parse({ title: 'Round "prices"', base: 'main', body: 'why', labels: ['x'] });
    const planned = await service.planPullRequest(input, signal);
    const commit = repository.git('rev-parse', 'work').trim();
    expect(planned.action).toMatch(
      `Push branch work at ${commit.slice(0, 10)} of ${repository.root} and open a draft pull request into branch main: "Round \\"prices\\"" (text and labels `,
    );
    expect(host.proposals).toEqual([]);
    const opened = await service.openPullRequest(planned, signal);
    expect(host.proposals).toEqual([
      {
        root: repository.root,
        branch: 'work',
        commit,
        base: 'main',
        title: input.title,
        body: 'why',
        draft: true,
        labels: ['x'],
        signal,
      },
    ]);
    expect(renderGitOpenPr(opened)).toBe('pull request #7 of work was opened: https://git.example/o/r/pull/7');
  });

  test('that would conflict with its base, as it was fetched last, says in what', async () => {
    const { service, repository } = setUp(new ListeningHost());
    repository.write({ 'a.ts': 'ours\n' });
    repository.commit('ours');
    repository.git('switch', '--quiet', 'main');
    repository.write({ 'a.ts': 'theirs\n' });
    repository.commit('theirs');
    repository.git('remote', 'add', 'origin', 'https://git.example/o/r.git');
    repository.git('update-ref', 'refs/remotes/origin/main', 'main');
    const input = gitOpenPrInputSchema.parse({ title: 't', branch: 'work', base: 'main' });
    const planned = await service.planPullRequest(input, signal);
    const note = 'It conflicts with origin/main, as last fetched, in a.ts (contents).';
    expect(planned.action).toMatch(/\)\. It conflicts with .* in a\.ts \(contents\)$/);
    expect((await service.openPullRequest(planned, signal)).notes).toEqual([note]);
    repository.git('update-ref', 'refs/remotes/origin/main', 'main^');
    expect((await service.planPullRequest(input, signal)).notes).toEqual([]);
  });

  test('is not opened from a protected branch, nor from a detached HEAD', async () => {
    const { service, repository } = setUp(new ListeningHost());
    const input = gitOpenPrInputSchema.parse({ title: 't' });
    expect(await failureOf(service.planPullRequest({ ...input, branch: 'main' }, signal))).toMatchObject({
      code: 'permission_denied',
    });
    expect(await failureOf(service.planPullRequest({ ...input, branch: 'nothing' }, signal))).toMatchObject({
      code: 'invalid_input',
    });
    repository.git('checkout', '--quiet', '--detach');
    expect(await failureOf(service.planPullRequest(input, signal))).toMatchObject({ code: 'conflict' });
  });

  test('is another one with another text, or another commit', async () => {
    const { service, repository } = setUp(new ListeningHost());
    const input = gitOpenPrInputSchema.parse({ title: 't', body: 'harmless' });
    const { action } = await service.planPullRequest(input, signal);
    expect((await service.planPullRequest({ ...input, body: 'other' }, signal)).action).not.toBe(action);
    repository.commit('more');
    expect((await service.planPullRequest(input, signal)).action).not.toBe(action);
  });

  test('is told of by number, or by the branch that is checked out', async () => {
    const host = new ListeningHost();
    const { service } = setUp(host);
    const seen = await service.pullRequestStatus(gitPrStatusInputSchema.parse({}), signal);
    await service.pullRequestStatus(gitPrStatusInputSchema.parse({ number: 7, branch: 'x' }), signal);
    expect(host.questions.map(({ numberOrBranch }) => numberOrBranch)).toEqual(['work', 7]);
    expect(renderGitPrStatus(seen)).toMatchInlineSnapshot(`
      "#7 Round
      draft, open, work → main, mergeable: yes
      checks: failing (lint); review: none
      https://git.example/o/r/pull/7"
    `);
  });

  test('needs a host', async () => {
    const { service } = setUp(undefined);
    const input = gitOpenPrInputSchema.parse({ title: 't' });
    expect(await failureOf(service.planPullRequest(input, signal))).toMatchObject({ code: 'not_configured' });
  });
});
