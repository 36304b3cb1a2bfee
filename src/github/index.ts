/**
 * GitHub and GitHub Enterprise: pull requests, issues and forks over the REST API, and pull requests as folders where there is
 * no token. Owns the requests. Invariants: the token goes to the host of `github.apiUrl` alone and stands in no error, log or
 * body; a branch has at most one pull request; what a person closed is never opened again; only branches below `agent/` are ours.
 */
export type {
  CheckSummary,
  CreatedIssue,
  OpenedPullRequest,
  PullRequest,
  PullRequestStatus,
  PushTarget,
  RepositoryFacts,
  RepositoryName,
} from './pull-request-schema.ts';
export { assertBranchName, assertOwnBranch, isProtectedBranch } from './branch-rules.ts';
export type { GithubListing } from './github-client.ts';
export type { GithubSettings, NumberedPlace } from './github-context.ts';
export type { GithubService } from './github-service.ts';
export type { IssueRequest } from './issue-creation.ts';
export type { LocalPullRequest, LocalPullRequestRequest } from './local-pull-request.ts';
export type { PatchAuthor } from './patch-mail.ts';
export type { CommentPlace, CommentRequest, PullRequestUpdate } from './pull-request-changes.ts';
export type { PullRequestRequest } from './pull-request-opening.ts';
