import { z } from 'zod';
import { isSecureUrl, SECURE_URL } from './guard-schema.ts';
import { keyFacts } from './key-facts.ts';

/** A name of git's, as `git check-ref-format` would take it, more strictly: nothing that a shell or a URL reads otherwise. */
const branch = z
  .string()
  .max(200)
  .regex(/^[\w+][\w.+-]*(\/[\w+][\w.+-]*)*$/);

/** The API of GitHub, or of a GitHub Enterprise server, and how pull requests are opened there. */
export const githubSchema = z.strictObject({
  token: z
    .string()
    .min(1)
    .optional()
    .describe('Token for the GitHub API; without it no pull request is opened.')
    .register(keyFacts, { env: 'GITHUB_TOKEN', secret: 'whole', valid: 'text' }),
  apiUrl: z
    .url()
    .refine((text) => isSecureUrl(text) && !/[?#]/.test(text))
    .default('https://api.github.com')
    .describe('Base URL of the API; of GitHub Enterprise it looks like https://ghe.example/api/v3.')
    .register(keyFacts, { env: 'GITHUB_API_URL', secret: 'url', valid: SECURE_URL }),
  remote: z
    .string()
    .max(100)
    .regex(/^\w[\w.-]*$/)
    .default('origin')
    .describe('Remote of a workspace that says which repository it is.')
    .register(keyFacts, { valid: 'the name of a remote' }),
  baseBranch: branch
    .optional()
    .describe('Branch that pull requests are made against; without it the default branch of the repository.')
    .register(keyFacts, { valid: 'the name of a branch' }),
  protectedBranches: z
    .array(
      z
        .string()
        .max(200)
        .regex(/^[\w+][\w.+/-]*\*?$/),
    )
    .max(100)
    .default(['main', 'master', 'develop', 'release/*'])
    .describe(
      'Branches that are never pushed to; a `*` at the end stands for anything. Base and default branch always are.',
    )
    .register(keyFacts, { separator: ',', valid: 'a list of branch names, such as main or release/*' }),
  draft: z.boolean().default(true).describe('Open pull requests as drafts.'),
  draftFallback: z
    .boolean()
    .default(false)
    .describe('Where a repository knows no drafts, open them ready for review; else that is an error.'),
  maxOpenPullRequests: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe('Own pull requests that may be open in one repository; more are refused.'),
  labels: z
    .array(z.string().min(1).max(50))
    .max(20)
    .default(['lightdom'])
    .describe('Labels of own pull requests; missing ones are created.')
    .register(keyFacts, { separator: ',', valid: 'a list of labels of at most 50 characters' }),
  fork: z
    .boolean()
    .default(false)
    .describe('Push to a fork of the account of the token; it is created when there is none.'),
});
