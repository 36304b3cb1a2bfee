import { createHash } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import { purposeBranch } from './branch-name.ts';
import { assertBranchName, assertUnprotected } from './branch-protection.ts';
import { withCommitType } from './commit-text.ts';
import { summarizeDiff } from './diff-summary.ts';
import type {
  GitCommitAnswer,
  GitCommitInput,
  GitCreateBranchAnswer,
  GitCreateBranchInput,
  GitDiffAnswer,
  GitDiffInput,
  GitOpenPrAnswer,
  GitOpenPrInput,
  GitPrStatusAnswer,
  GitPrStatusInput,
  GitStatusAnswer,
  GitStatusInput,
} from './git-schema.ts';
import { GitStateReader } from './git-state-reader.ts';
import { GitWriter } from './git-writer.ts';
import { forecastMerge } from './merge-forecast.ts';
import type { PullRequestHost, PullRequestProposal } from './pull-request-host.ts';
import { revisionOf } from './revisions.ts';
import { attemptGit, runGit } from './run-git.ts';
import type { Git } from './run-git.ts';
import type { RepositoryState } from './state-schema.ts';

export interface GitServiceOptions {
  /** The real path of a workspace; throws `permission_denied` outside of what is allowed. */
  readonly rootOf: (workspace: string | undefined) => Promise<string>;
  readonly protectedBranches: readonly string[];
  /** Undefined where pull requests can't be opened. */
  readonly host: PullRequestHost | undefined;
}

/** What a pull request would be, for somebody to agree to before anything is published. */
export interface PlannedPullRequest {
  readonly workspace: string;
  readonly proposal: PullRequestProposal;
  /** A sentence without its full stop. */
  readonly action: string;
  readonly notes: readonly string[];
}

const MAX_COMMITTED_FILES = 100;
const HASH_DIGITS = 10;
const MAX_NOTED_CONFLICTS = 5;

/** Repositories of workspaces as people and agents ask about them, and what they ask to be done in their own checkout. */
export class GitService {
  readonly #options: GitServiceOptions;
  readonly #reader = new GitStateReader();
  readonly #writer: GitWriter;

  constructor(options: GitServiceOptions) {
    this.#options = options;
    this.#writer = new GitWriter(options);
  }

  /** Throws `unsupported` where there is no repository. */
  async status({ workspace, maxFiles }: GitStatusInput, signal: AbortSignal): Promise<GitStatusAnswer> {
    const folder = await this.#options.rootOf(workspace);
    return { workspace: folder, ...(await this.#reader.read({ folder, maxFiles, signal })) };
  }

  /** Throws `invalid_input` for an unknown revision, `unsupported` where there is no repository. */
  async diff(input: GitDiffInput, signal: AbortSignal): Promise<GitDiffAnswer> {
    const { workspace, from, to, staged, paths, maxFiles } = input;
    const folder = await this.#options.rootOf(workspace);
    const maxPatchCharacters = input.patch ? input.maxPatchCharacters : 0;
    const sides = { from, to, isStaged: staged, paths };
    const summary = await summarizeDiff({ folder, ...sides, maxFiles, maxPatchCharacters, signal });
    return { workspace: folder, ...summary, files: [...summary.files] };
  }

  /** Throws as `GitWriter.createBranch` does, and `invalid_input` without a name or a purpose and a title. */
  async createBranch(input: GitCreateBranchInput, signal: AbortSignal): Promise<GitCreateBranchAnswer> {
    const folder = await this.#options.rootOf(input.workspace);
    const { from, checkout } = input;
    const created = await this.#writer.createBranch({ folder, name: nameOf(input), from, checkout, signal });
    return { workspace: folder, ...created };
  }

  /** Throws as `GitWriter.commit` does. */
  async commit(input: GitCommitInput, signal: AbortSignal): Promise<GitCommitAnswer> {
    const folder = await this.#options.rootOf(input.workspace);
    const { type, paths, runHooks } = input;
    const message = type === undefined ? input.message : withCommitType(type, input.message);
    const { notes, ...made } = await this.#writer.commit({ folder, message, paths, runHooks, signal });
    // It is made: what is said of it no longer depends on who waits for it.
    const summary = await summarizeDiff({
      folder,
      to: made.commit,
      maxFiles: MAX_COMMITTED_FILES,
      maxPatchCharacters: 0,
    });
    const { total, addedLines, removedLines } = summary;
    const counts = { total, addedLines, removedLines, files: [...summary.files] };
    return { workspace: folder, ...made, ...counts, notes: [...notes] };
  }

  /**
   * What `openPullRequest` would publish. Throws `not_configured` without a host, `permission_denied` for a protected branch,
   * `conflict` where no branch is named and none is checked out, `invalid_input` for one that is not there or has no commit.
   */
  async planPullRequest(input: GitOpenPrInput, signal: AbortSignal): Promise<PlannedPullRequest> {
    this.#host();
    const { title, body, draft, labels, base } = input;
    const { folder, state } = await this.#stateOf(input.workspace, signal);
    const branch = input.branch ?? checkedOut(state);
    assertUnprotected(branch, this.#options.protectedBranches);
    const git: Git = (args) => runGit(folder, args, { signal });
    await assertBranchName(git, branch);
    const commit = await revisionOf(git, `refs/heads/${branch}`);
    const proposal = { root: state.root, branch, commit, base, title, body, draft, labels };
    const notes = await conflictNotes(state, proposal, signal);
    // Without its full stop.
    const action = [publication(proposal), ...notes.map((note) => note.slice(0, -1))].join('. ');
    return { workspace: folder, proposal, action, notes };
  }

  /** Throws as the host does. */
  async openPullRequest(planned: PlannedPullRequest, signal: AbortSignal): Promise<GitOpenPrAnswer> {
    const { workspace, proposal } = planned;
    const { notes = [], ...opened } = await this.#host().open({ ...proposal, signal });
    return { workspace, branch: proposal.branch, ...opened, notes: [...planned.notes, ...notes] };
  }

  /** Throws `not_configured` without a host, and `not_found` where there is no such pull request. */
  async pullRequestStatus(input: GitPrStatusInput, signal: AbortSignal): Promise<GitPrStatusAnswer> {
    const host = this.#host();
    const { folder, state } = await this.#stateOf(input.workspace, signal);
    const numberOrBranch = input.number ?? input.branch ?? checkedOut(state);
    return { workspace: folder, ...(await host.status({ root: state.root, numberOrBranch, signal })) };
  }

  async #stateOf(
    workspace: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly folder: string; readonly state: RepositoryState }> {
    const folder = await this.#options.rootOf(workspace);
    return { folder, state: await this.#reader.read({ folder, maxFiles: 0, signal }) };
  }

  #host(): PullRequestHost {
    const { host } = this.#options;
    if (host !== undefined) return host;
    throw new AppError('not_configured', 'Pull requests are out of reach: `github.token` is not set.', {
      hint: 'Store one with `lightdom secret set github.token`, or set GITHUB_TOKEN, and start anew.',
    });
  }
}

/** What is agreed to is this sentence: a further commit, or another text, is to be agreed to anew. */
function publication({ root, branch, commit, base, title, body, draft, labels }: PullRequestProposal): string {
  const target = base === undefined ? 'its default branch' : `branch ${base}`;
  const text = createHash('sha256')
    .update(JSON.stringify([body, labels]))
    .digest('hex')
    .slice(0, HASH_DIGITS);
  return `Push branch ${branch} at ${commit.slice(0, HASH_DIGITS)} of ${root} and open a ${draft ? 'draft ' : ''}pull request into ${target}: ${JSON.stringify(title)} (text and labels ${text})`;
}

/** What it would conflict in, against the base branch as it was fetched last; where it never was, nothing is known. */
async function conflictNotes(
  { remotes }: RepositoryState,
  { root, base, commit }: PullRequestProposal,
  signal: AbortSignal,
): Promise<string[]> {
  for (const { name, defaultBranch } of remotes) {
    const against = base ?? defaultBranch;
    if (against === undefined) continue;
    const ours = `refs/remotes/${name}/${against}`;
    const found = await attemptGit(runGit(root, ['rev-parse', '--verify', '--quiet', ours], { signal }));
    if (typeof found !== 'string') continue;
    const { conflicts } = await forecastMerge({ folder: root, ours, theirs: commit, signal });
    const paths = conflicts.slice(0, MAX_NOTED_CONFLICTS).map(({ path, kind }) => `${path} (${kind})`);
    return paths.length === 0 ? [] : [`It conflicts with ${name}/${against}, as last fetched, in ${paths.join(', ')}.`];
  }
  return [];
}

function nameOf({ name, purpose, title }: GitCreateBranchInput): string {
  if (name !== undefined) return name;
  if (purpose !== undefined && title !== undefined) return purposeBranch({ purpose, title });
  throw new AppError('invalid_input', 'The branch has no name.', {
    hint: 'Give `name`, or `purpose` and `title`, of which a name is made.',
  });
}

function checkedOut({ branch, root }: RepositoryState): string {
  if (branch !== undefined) return branch;
  throw new AppError('conflict', `HEAD of ${root} is detached: no branch is checked out.`, {
    hint: 'Name the branch, or call git_create_branch first.',
  });
}
