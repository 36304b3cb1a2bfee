/** What executes: for the files directly in src/ that put the system together. */
export { GithubService } from './github-service.ts';
export { writeLocalPullRequest } from './local-pull-request.ts';
