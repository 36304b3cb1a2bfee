import { z } from 'zod';
import { keyFacts } from './key-facts.ts';

/** Settings of the agent that mends findings: when it starts, how far it goes, what it may spend. */

const probability = (fallback: number): z.ZodDefault<z.ZodNumber> => z.number().min(0).max(1).default(fallback);
const count = (least: number, most: number, fallback: number): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(least).max(most).default(fallback);

const thresholdsSchema = z.strictObject({
  branch: probability(0.4).describe(
    'Least chance of being verified and accepted for a branch; below it is reported only.',
  ),
  pullRequest: probability(0.78).describe('The same for a pull request, where no threshold below is for it.'),
  criticalFix: probability(0.8).describe('For a pull request that mends a critical finding.'),
  refactor: probability(0.6).describe('For a pull request that changes structure and no behaviour.'),
  docs: probability(0.5).describe('For a pull request that changes documentation alone.'),
});

const budgetsSchema = z.strictObject({
  usd: z
    .number()
    .min(0)
    .max(10_000)
    .default(1)
    .describe('Most US dollars that models take in one run; what is left of it is all that the next finding may take.'),
  tokens: count(0, 100_000_000, 200_000).describe('The same in tokens of models, in and out.'),
  wallMinutes: count(1, 1_440, 30).describe('Longest time of a run, in minutes.'),
  diffLines: count(1, 10_000, 200).describe('Most lines that one fix adds and removes together.'),
  files: count(1, 200, 10).describe('Most files that one fix changes.'),
});

export const agentConfigSchema = z.strictObject({
  autoFix: z
    .boolean()
    .default(false)
    .describe('Let the agent write fixes; otherwise it only proposes them.')
    .register(keyFacts, { env: 'AUTO_FIX' }),
  autoPr: z
    .boolean()
    .default(false)
    .describe('Let the agent open pull requests with its fixes.')
    .register(keyFacts, { env: 'AUTO_PR' }),
  minConfidence: z
    .number()
    .min(0)
    .max(1)
    .default(0.7)
    .describe('Fixes below this confidence are dropped.')
    .register(keyFacts, { env: 'MIN_CONFIDENCE' }),
  mode: z
    .enum(['dry_run', 'branch', 'pull_request'])
    .optional()
    .describe('How far runs go that name no mode: show, commit to a branch, or open a pull request.')
    .register(keyFacts, { defaultText: '`pull_request` with `autoPr`, `branch` with `autoFix`, else `dry_run`' }),
  intervalMinutes: count(1, 43_200, 60).describe('Time between two runs of the autonomous agent, in minutes.'),
  maxTasks: count(1, 50, 10).describe('Most findings that a run tries to mend.'),
  minSeverity: z
    .enum(['critical', 'high', 'medium', 'low', 'info'])
    .default('medium')
    .describe('Findings less grave than this are left alone.'),
  maxAttempts: count(1, 20, 3).describe('Attempts at one finding before it is given up.'),
  coolDownDays: count(0, 3_650, 30).describe('Days for which a finding is left alone after its fix was rejected.'),
  maxOpenPullRequests: count(0, 100, 3).describe('Pull requests of the agent that may be open at a time.'),
  approval: z
    .enum(['required', 'none'])
    .default('required')
    .describe('Whether a person agrees before anything is pushed or a pull request is opened.'),
  thresholds: thresholdsSchema,
  budgets: budgetsSchema,
  authorName: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^<>\0\r\n]+$/)
    .default('LightDom agent')
    .describe('Author of its commits.'),
  authorEmail: z.email().max(200).default('agent@lightdom.invalid').describe('E-mail address of that author.'),
  runTests: z.boolean().default(true).describe('Run the tests that reach a change before it counts as verified.'),
  mutants: count(0, 20, 8).describe('Small faults put into a change to see whether its checks would notice; 0: none.'),
});
