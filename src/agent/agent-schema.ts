import { z } from 'zod';
import { CATEGORIES, SEVERITIES } from '../findings/index.ts';
import { verifyReportSchema } from './verify/verify-report.ts';

/** The words of the agent: its tasks, its attempts at them, and what came of those. */

/**
 * open: to be tried. working: a run is at it. suggested: a fix is shown that is not applied by itself. verified: a fix
 * passed its checks. proposed: a pull request is open. gone: what was to be mended is not there any more.
 */
export const TASK_STATES = [
  'open',
  'working',
  'suggested',
  'verified',
  'proposed',
  'merged',
  'rejected',
  'failed',
  'gone',
] as const;
export type TaskState = (typeof TASK_STATES)[number];

export const ATTEMPT_OUTCOMES = [
  'verified',
  'failed',
  'refused',
  'unproven',
  'no_fix',
  'suggestion',
  'cancelled',
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Who made a fix: a program, a model that the agent asked, or whoever calls the tools. */
export const PATCHERS = ['fixer', 'model', 'client'] as const;
export type Patcher = (typeof PATCHERS)[number];

export const AGENT_MODES = ['dry_run', 'branch', 'pull_request'] as const;
export type AgentMode = (typeof AGENT_MODES)[number];

/** How far a fix may go by itself, least first. */
export const AUTONOMY_LEVELS = ['report', 'branch', 'pull_request'] as const;
export type AutonomyLevel = (typeof AUTONOMY_LEVELS)[number];

export const TASK_TYPES = ['code_fix', 'refactor', 'documentation'] as const;
export type TaskType = (typeof TASK_TYPES)[number];

export const PULL_REQUEST_STATES = ['open', 'merged', 'closed'] as const;
export type PullRequestState = (typeof PULL_REQUEST_STATES)[number];

/** Who finds what the agent mends: the sources of findings, and those that only it knows. */
export const TASK_SOURCES = ['graph', 'typescript', 'oxlint', 'eslint', 'biome', 'recipe', 'tests'] as const;
export type TaskSource = (typeof TASK_SOURCES)[number];

export const agentTaskSchema = z.object({
  taskId: z.string().describe('Handle.'),
  fingerprint: z.string().describe('What makes it the same task from one run to the next.'),
  findingId: z.string().optional().describe('The finding that it mends.'),
  type: z.enum(TASK_TYPES).describe('What kind of work.'),
  source: z.enum(TASK_SOURCES).describe('Who found it.'),
  rule: z.string().describe('Which rule.'),
  category: z.enum(CATEGORIES).describe('What kind of fault.'),
  severity: z.enum(SEVERITIES).describe('How grave.'),
  path: z.string().describe('Relative to the workspace.'),
  line: z.number().int().optional().describe('Where it was last seen, from 1.'),
  nodeId: z.string().optional().describe('Stable id of the symbol.'),
  symbol: z.string().optional().describe('Its name.'),
  message: z.string().describe('What is wrong.'),
  confidence: z.number().describe('How sure it is that it is wrong, 0 to 1.'),
  priority: z.number().describe('Weight of the severity (10, 7, 5, 3, 1) + 5 × confidence.'),
  state: z.enum(TASK_STATES).describe('State.'),
  reason: z.string().optional().describe('Why it is in that state.'),
  attempts: z.number().int().describe('How often it was tried.'),
  rejections: z.number().int().describe('How often a person rejected its fix.'),
  coolDownUntil: z.string().optional().describe('Left alone until then, after a rejection; ISO 8601.'),
  runId: z.string().optional().describe('The run that is at it, or was last.'),
  baseCommit: z.string().optional().describe('Commit of the last attempt.'),
  branch: z.string().optional().describe('Branch that holds its fix.'),
  commit: z.string().optional().describe('Commit of its fix.'),
  createdAt: z.string().describe('ISO 8601.'),
  updatedAt: z.string().describe('ISO 8601.'),
});
export type AgentTask = z.infer<typeof agentTaskSchema>;

export const fixabilitySchema = z.object({
  probability: z.number().describe('Chance that the fix is verified and accepted: the figure that decides.'),
  level: z.enum(AUTONOMY_LEVELS).describe('How far that lets it go by itself.'),
  estimate: z.number().describe('From the fixer and the rule.'),
  baseline: z.number().describe('Rate of all fixes alike.'),
  isEstimateUsed: z.boolean().describe('Whether the estimate decides; otherwise the baseline does.'),
  outcomes: z.number().int().describe('Past outcomes that both were compared on, each foretold from those before it.'),
  brierEstimate: z.number().optional().describe('Mean squared error of the estimate on them; lower is better.'),
  brierBaseline: z.number().optional().describe('The same of the baseline.'),
  basis: z.string().describe('What the figure rests on, as a sentence.'),
});
export type Fixability = z.infer<typeof fixabilitySchema>;

export const agentAttemptSchema = z.object({
  attemptId: z.string().describe('Handle.'),
  number: z.number().int().describe('From 1.'),
  runId: z.string().optional().describe('The run that made it.'),
  patcher: z.enum(PATCHERS).describe('Who made the fix.'),
  fixer: z.string().optional().describe('Name of the fixer, or of the model.'),
  title: z.string().optional().describe('What the fix does.'),
  outcome: z.enum(ATTEMPT_OUTCOMES).optional().describe('What came of it; absent while it goes on.'),
  reason: z.string().optional().describe('Why, as a sentence.'),
  baseCommit: z.string().describe('Full hash of the commit that it began at.'),
  files: z.array(z.string()).describe('Files that it changes.'),
  addedLines: z.number().int().describe('Lines added.'),
  removedLines: z.number().int().describe('Lines removed.'),
  patch: z.string().optional().describe('The change, as git diff writes it, without secrets and bounded.'),
  report: verifyReportSchema.optional().describe('What was seen of it.'),
  fixability: fixabilitySchema.optional().describe('What was expected of it.'),
  provider: z.string().optional().describe('Who was asked, where a model made it.'),
  usd: z.number().describe('US dollars that it cost.'),
  tokens: z.number().int().describe('Tokens of models, in and out.'),
  steps: z.number().int().describe('Calls of models and tools.'),
  seed: z.number().int().describe('Of everything that was drawn.'),
  startedAt: z.string().describe('ISO 8601.'),
  endedAt: z.string().optional().describe('ISO 8601.'),
});
export type AgentAttempt = z.infer<typeof agentAttemptSchema>;

export const agentPullRequestSchema = z.object({
  repository: z.string().describe('owner/name.'),
  number: z.number().int().describe('Its number there.'),
  url: z.string().describe('Its page.'),
  state: z.enum(PULL_REQUEST_STATES).describe('State, as last seen.'),
  isDraft: z.boolean().describe('Whether it is a draft.'),
  title: z.string().describe('Title.'),
  head: z.string().describe('Branch of the fix.'),
  base: z.string().describe('Branch that it goes to.'),
  checks: z.enum(['unknown', 'pending', 'passed', 'failed']).describe('Checks there, as last seen.'),
  taskId: z.string().describe('The task that it is for.'),
  attemptId: z.string().optional().describe('The attempt that it shows.'),
  createdAt: z.string().describe('ISO 8601.'),
  updatedAt: z.string().describe('When it was last looked at; ISO 8601.'),
  closedAt: z.string().optional().describe('ISO 8601.'),
});
export type AgentPullRequest = z.infer<typeof agentPullRequestSchema>;
