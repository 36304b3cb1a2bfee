import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { repositoryAnswer } from './github-answers.ts';
import { routeOf } from './github-context.ts';
import type { GithubContext } from './github-context.ts';
import { statusOf } from './github-failure.ts';
import type { PushTarget, RepositoryFacts, RepositoryName } from './pull-request-schema.ts';

/** GitHub makes a fork in the background, and says that it may take up to five minutes. */
const FORK_TIMEOUT_MS = 300_000;

export async function getRepository(
  { client, signal }: GithubContext,
  repository: RepositoryName,
): Promise<RepositoryFacts> {
  return client.call({
    schema: repositoryAnswer,
    send: (request) => request('GET /repos/{owner}/{repo}', routeOf(repository)),
    isRepeatable: true,
    signal,
  });
}

/**
 * Where branches for a pull request against this repository are pushed to: itself, or with `github.fork` a fork of the account
 * of the token, which is made when there is none. Throws `permission_denied` where nothing may be pushed.
 */
export async function getPushTarget(context: GithubContext, repository: RepositoryName): Promise<PushTarget> {
  const facts = await getRepository(context, repository);
  const shown = `${facts.owner}/${facts.name}`;
  if (facts.isArchived) {
    throw new AppError('permission_denied', `Repository ${shown} is archived: nobody can write to it.`, {
      hint: 'Have it unarchived, or use another repository.',
    });
  }
  if (context.settings.fork) return readyFork(context, facts);
  if (facts.canPush) return targetOf(facts, false);
  throw new AppError('permission_denied', `The token of \`github.token\` may not push to ${shown}.`, {
    hint: 'Give it write access to contents, or set `github.fork` to push to a fork.',
  });
}

async function readyFork(context: GithubContext, parent: RepositoryFacts): Promise<PushTarget> {
  const fork = await context.client.call({
    schema: repositoryAnswer,
    send: (request) => request('POST /repos/{owner}/{repo}/forks', { ...routeOf(parent), default_branch_only: true }),
    // Where there is one already, GitHub answers with it.
    isRepeatable: true,
    signal: context.signal,
  });
  if (!fork.isFork) {
    throw new AppError(
      'conflict',
      `GitHub made ${fork.owner}/${fork.name}, which is no fork of ${parent.owner}/${parent.name}.`,
    );
  }
  const deadline = Date.now() + FORK_TIMEOUT_MS;
  while (!(await isReady(context, fork))) {
    if (Date.now() >= deadline) {
      throw new AppError('timed_out', `Fork ${fork.owner}/${fork.name} was not ready within ${FORK_TIMEOUT_MS} ms.`, {
        hint: 'Try again later; GitHub is still making it.',
      });
    }
    await pause(context);
  }
  return targetOf(fork, true);
}

/** A fork is there before its branches are. */
async function isReady({ client, signal }: GithubContext, fork: RepositoryFacts): Promise<boolean> {
  try {
    await client.call({
      schema: z.unknown(),
      send: (request) =>
        request('GET /repos/{owner}/{repo}/branches/{branch}', { ...routeOf(fork), branch: fork.defaultBranch }),
      isRepeatable: true,
      signal,
    });
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

async function pause({ client, signal }: GithubContext): Promise<void> {
  try {
    await sleep(client.timing.forkPollMs, undefined, { ...(signal !== undefined && { signal }) });
  } catch (error) {
    throw new AppError('cancelled', 'Waiting for a fork was cancelled.', { cause: error });
  }
}

function targetOf({ owner, name, gitUrl }: RepositoryFacts, isFork: boolean): PushTarget {
  return { owner, name, gitUrl, isFork };
}
