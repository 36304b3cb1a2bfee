import { z } from 'zod';
import { CATEGORIES, SEVERITIES } from '../findings/index.ts';
import {
  agentAttemptSchema,
  agentPullRequestSchema,
  AGENT_MODES,
  agentTaskSchema,
  ATTEMPT_OUTCOMES,
  TASK_SOURCES,
  TASK_STATES,
} from './agent-schema.ts';

/** Questions to the agent, and its answers. */

const workspace = z.string().min(1).max(4096).optional().describe('Folder of the workspace; default: the current.');
const path = z.string().min(1).max(200);

const budgetSchema = z.strictObject({
  usd: z.number().min(0).max(10_000).optional().describe('Most US dollars of the run.'),
  tokens: z.number().int().min(0).max(100_000_000).optional().describe('Most tokens of models.'),
  wallMs: z.number().int().min(1_000).max(86_400_000).optional().describe('Longest time, in milliseconds.'),
  diffLines: z.number().int().min(1).max(10_000).optional().describe('Most lines that one fix changes.'),
  files: z.number().int().min(1).max(200).optional().describe('Most files that one fix changes.'),
});

export const agentHealInputSchema = z.object({
  workspace,
  scope: path.optional().describe('Only findings under this prefix, or matching this glob.'),
  maxTasks: z.number().int().min(1).max(50).default(10).describe('Most findings that are tried.'),
  mode: z.enum(AGENT_MODES).default('dry_run').describe('dry_run: show. branch: commit. pull_request: push and open.'),
  minSeverity: z.enum(SEVERITIES).default('medium').describe('Only this grave or graver.'),
  sources: z.array(z.enum(TASK_SOURCES)).max(TASK_SOURCES.length).optional().describe('Only of these sources.'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .describe('Of what is drawn; the same gives the same run.'),
  budget: budgetSchema.optional().describe('Narrower limits than the configured ones.'),
});
export type AgentHealInput = z.output<typeof agentHealInputSchema>;

export const agentTasksInputSchema = z.object({
  workspace,
  state: z.enum(TASK_STATES).optional().describe('Only in this state; without it all but gone ones.'),
  severity: z.enum(SEVERITIES).optional().describe('Only this grave or graver.'),
  category: z.enum(CATEGORIES).optional().describe('Only of this kind.'),
  rule: z.string().min(1).max(200).optional().describe('Only of this rule.'),
  limit: z.number().int().min(1).max(200).default(50).describe('Tasks a page.'),
  cursor: z.string().max(2_000).optional().describe('`nextCursor` of the page before.'),
});
export type AgentTasksInput = z.output<typeof agentTasksInputSchema>;

export const taskCountsSchema = z.object({
  open: z.number().int().describe('To be tried.'),
  working: z.number().int().describe('Being tried.'),
  suggested: z.number().int().describe('With a fix that is shown alone.'),
  verified: z.number().int().describe('With a verified fix.'),
  proposed: z.number().int().describe('In an open pull request.'),
  merged: z.number().int().describe('Merged.'),
  rejected: z.number().int().describe('Rejected by a person.'),
  failed: z.number().int().describe('Tried without success.'),
  gone: z.number().int().describe('Not there any more.'),
});
export type TaskCounts = z.infer<typeof taskCountsSchema>;

export const agentTasksAnswerSchema = z.object({
  workspace: z.string().describe('Root folder.'),
  tasks: z.array(agentTaskSchema).describe('Highest priority first.'),
  total: z.number().int().describe('On all pages.'),
  nextCursor: z.string().optional().describe('For the next page.'),
  counts: taskCountsSchema.describe('Of the whole workspace, by state.'),
  note: z.string().optional().describe('How to read the answer, above all an empty one.'),
});
export type AgentTasksAnswer = z.infer<typeof agentTasksAnswerSchema>;

export const agentTaskInputSchema = z.object({ taskId: z.string().min(1).max(64).describe('Handle of the task.') });

export const agentTaskAnswerSchema = agentTaskSchema.extend({
  workspace: z.string().describe('Root folder.'),
  history: z.array(agentAttemptSchema).describe('Attempts, newest first; at most 20.'),
  pullRequests: z.array(agentPullRequestSchema).describe('Newest first.'),
});
export type AgentTaskAnswer = z.infer<typeof agentTaskAnswerSchema>;

const figure = z.number().optional();

export const calibrationSchema = z.object({
  isEstimateUsed: z.boolean().describe('Whether the estimate by fixer and rule decides, or the rate of all alike.'),
  outcomes: z.number().int().describe('Past outcomes that both were compared on.'),
  rate: z.number().describe('Part of them that was verified and accepted, with one imagined of each kind.'),
  brierEstimate: figure.describe('Mean squared error of the estimate; lower is better.'),
  brierBaseline: figure.describe('The same of the rate alone.'),
  note: z.string().describe('The verdict as a sentence.'),
});
export type Calibration = z.infer<typeof calibrationSchema>;

export const choiceSchema = z.object({
  used: z.enum(['offered_order', 'majority', 'majority_by_code', 'naive_bayes']).describe('What orders candidates.'),
  outcomes: z.number().int().describe('Past successes that they were compared on, each foretold from those before it.'),
  accuracyMajority: figure.describe('How often the most successful fixer of all would have been right.'),
  accuracyByCode: figure.describe('The same of the most successful for the first error code.'),
  accuracyNaiveBayes: figure.describe('The same of naive Bayes over all codes.'),
  note: z.string().describe('The verdict as a sentence.'),
});
export type ChoiceVerdict = z.infer<typeof choiceSchema>;

export const learnedPatternSchema = z.object({
  codes: z.array(z.string()).describe('Error codes that were there together.'),
  fixer: z.string().describe('What was tried.'),
  successes: z.number().int().describe('How often it was verified and accepted.'),
  failures: z.number().int().describe('How often not.'),
  lastAt: z.string().describe('When last; ISO 8601.'),
});
export type LearnedPattern = z.infer<typeof learnedPatternSchema>;

export const agentStatusAnswerSchema = z.object({
  workspace: z.string().describe('Root folder.'),
  isAutonomous: z.boolean().describe('Whether it starts by itself.'),
  intervalMinutes: z.number().int().describe('Time between such starts.'),
  nextRunAt: z.string().optional().describe('When it starts next; ISO 8601.'),
  activeRunId: z.string().optional().describe('The run that is at work.'),
  lastRunId: z.string().optional().describe('The run before.'),
  mode: z.enum(AGENT_MODES).describe('How far runs go that name no mode.'),
  approval: z.enum(['required', 'none']).describe('Whether a person agrees before anything is pushed.'),
  model: z.string().optional().describe('Model that is asked; absent: fixers alone.'),
  repository: z.string().optional().describe('Where pull requests go; absent: branches alone.'),
  tasks: taskCountsSchema.describe('Tasks by state.'),
  openPullRequests: z.number().int().describe('Open ones.'),
  attempts: z.record(z.enum(ATTEMPT_OUTCOMES), z.number().int()).describe('Ended attempts by outcome.'),
  usd: z.number().describe('US dollars that all attempts cost.'),
  tokens: z.number().int().describe('Tokens that they cost.'),
  fixability: calibrationSchema.describe('How well the chance of a fix is foretold.'),
  choice: choiceSchema.describe('How well the fixer is chosen.'),
  patterns: z.array(learnedPatternSchema).describe('What was learned, most often seen first; at most 20.'),
  note: z.string().optional().describe('What keeps it from doing more.'),
});
export type AgentStatusAnswer = z.infer<typeof agentStatusAnswerSchema>;
