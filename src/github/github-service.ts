import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { GithubClient } from './github-client.ts';
import type { GithubListing, GithubTiming } from './github-client.ts';
import { fetchPullRequest, listOfBranch, listOwnOpen } from './github-context.ts';
import type { GithubContext, GithubSettings, NumberedPlace } from './github-context.ts';
import { createIssue } from './issue-creation.ts';
import type { IssueRequest } from './issue-creation.ts';
import { closeOwn, comment, updatePullRequest } from './pull-request-changes.ts';
import type { CommentPlace, CommentRequest, PullRequestUpdate } from './pull-request-changes.ts';
import { findSettled, openPullRequest } from './pull-request-opening.ts';
import type { PullRequestRequest } from './pull-request-opening.ts';
import type {
  CreatedIssue,
  OpenedPullRequest,
  PullRequest,
  PullRequestStatus,
  PushTarget,
  RepositoryFacts,
  RepositoryName,
} from './pull-request-schema.ts';
import { getPullRequestStatus } from './pull-request-status.ts';
import { getPushTarget, getRepository } from './push-target.ts';
import { repositoryOfRemote } from './remote-url.ts';

export interface GithubServiceOptions {
  readonly settings: GithubSettings;
  readonly log: Log;
  readonly timing?: Partial<GithubTiming>;
}

const TIMING: GithubTiming = { timeoutMs: 30_000, backoffMs: 500, maxWaitMs: 60_000, forkPollMs: 2_000 };

/**
 * Pull requests and issues at GitHub, as the account of `github.token`. Every verb but {@link repositoryOf} throws
 * `not_configured` without a token, `permission_denied`, `not_found`, `limit_reached`, `upstream_failed`, `timed_out` or
 * `cancelled`; what else is said at the verb.
 */
export class GithubService {
  readonly #options: GithubServiceOptions;
  #client: GithubClient | undefined;

  constructor(options: GithubServiceOptions) {
    this.#options = options;
  }

  /** Whether there is a token; without one a pull request can only be written to a folder. */
  get isConfigured(): boolean {
    return this.#options.settings.token !== undefined;
  }

  /** The repository that a remote of git is. Throws `unsupported` for a remote elsewhere, `invalid_input` for none. */
  repositoryOf(remoteUrl: string): RepositoryName {
    return repositoryOfRemote(remoteUrl, this.#options.settings.apiUrl);
  }

  getRepository(repository: RepositoryName, signal?: AbortSignal): Promise<RepositoryFacts> {
    return this.#with(signal, (context) => getRepository(context, repository));
  }

  /** Where to push a branch for a pull request against it: itself, or a fork that is ready. */
  getPushTarget(repository: RepositoryName, signal?: AbortSignal): Promise<PushTarget> {
    return this.#with(signal, (context) => getPushTarget(context, repository));
  }

  /** See {@link findSettled}. */
  findSettled(
    asked: Pick<PullRequestRequest, 'repository' | 'head' | 'headOwner'>,
    signal?: AbortSignal,
  ): Promise<OpenedPullRequest | undefined> {
    return this.#with(signal, (context) => findSettled(context, asked));
  }

  /** See {@link openPullRequest}. */
  openPullRequest(asked: PullRequestRequest, signal?: AbortSignal): Promise<OpenedPullRequest> {
    return this.#with(signal, (context) => openPullRequest(context, asked));
  }

  getPullRequest(place: NumberedPlace, signal?: AbortSignal): Promise<PullRequest> {
    return this.#with(signal, async (context) => (await fetchPullRequest(context, place)).pullRequest);
  }

  getPullRequestStatus(place: NumberedPlace, signal?: AbortSignal): Promise<PullRequestStatus> {
    return this.#with(signal, (context) => getPullRequestStatus(context, place));
  }

  /** The newest pull request of a branch, in any state; undefined where it never had one. */
  findOfBranch(
    {
      headOwner,
      ...asked
    }: { readonly repository: RepositoryName; readonly headOwner?: string; readonly head: string },
    signal?: AbortSignal,
  ): Promise<PullRequest | undefined> {
    const owner = headOwner ?? asked.repository.owner;
    return this.#with(signal, async (context) => {
      const [newest] = await listOfBranch(context, { ...asked, headOwner: owner });
      return newest?.pullRequest;
    });
  }

  /** Throws `permission_denied` for one that is not of a branch of ours, `conflict` for one that is not open. */
  updatePullRequest(update: PullRequestUpdate, signal?: AbortSignal): Promise<PullRequest> {
    return this.#with(signal, (context) => updatePullRequest(context, update));
  }

  comment(asked: CommentRequest, signal?: AbortSignal): Promise<CommentPlace> {
    return this.#with(signal, (context) => comment(context, asked));
  }

  /** Closes one of ours and says why in a comment; its branch may then have another one. */
  closeOwn(asked: NumberedPlace & { readonly reason: string }, signal?: AbortSignal): Promise<PullRequest> {
    return this.#with(signal, (context) => closeOwn(context, asked));
  }

  /** See {@link createIssue}. */
  createIssue(asked: IssueRequest, signal?: AbortSignal): Promise<CreatedIssue> {
    return this.#with(signal, (context) => createIssue(context, asked));
  }

  /** Open pull requests of our branches, also of those in the fork of `headOwner`. */
  listOwnOpen(
    asked: { readonly repository: RepositoryName; readonly headOwner?: string | undefined },
    signal?: AbortSignal,
  ): Promise<GithubListing<PullRequest>> {
    return this.#with(signal, (context) => listOwnOpen(context, asked));
  }

  async #with<T>(signal: AbortSignal | undefined, work: (context: GithubContext) => Promise<T>): Promise<T> {
    const { settings, log, timing } = this.#options;
    const { token, apiUrl } = settings;
    if (token === undefined) {
      throw new AppError('not_configured', 'There is no token for GitHub: `github.token` is not set.', {
        hint: 'Store one: `lightdom secret set github.token`, or set GITHUB_TOKEN.',
      });
    }
    this.#client ??= new GithubClient({ apiUrl, token, log, timing: { ...TIMING, ...timing } });
    return work({ client: this.#client, settings, signal });
  }
}
