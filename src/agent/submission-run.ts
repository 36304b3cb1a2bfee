import { z } from 'zod';
import type { RunContext, RunKind } from '../runs/index.ts';
import { AppError } from '../core/errors.ts';
import { AGENT_MODES } from './agent-schema.ts';
import type { AgentTask } from './agent-schema.ts';
import { judge } from './attempt-task.ts';
import type { AttemptResult } from './attempt-task.ts';
import { commitMessageOf } from './commit-message.ts';
import { deliverFixes } from './deliver-fixes.ts';
import { branchOf } from './fix-branch.ts';
import type { HealKit } from './heal-kit.ts';
import { healedOf, strengthText } from './heal-report.ts';
import type { HealedTask } from './heal-report.ts';
import { HealSession } from './heal-session.ts';
import { learnedChoices } from './learned-choices.ts';
import { recordAttempt } from './record-attempt.ts';
import { evidenceText } from './verify/evidence-text.ts';

export const SUBMISSION_RUN_KIND = 'agent_submission';

/** Whole new texts: the blocks that were handed in have been applied to the base commit. */
export const submissionRunInputSchema = z.object({
  root: z.string(),
  taskId: z.string(),
  baseCommit: z.string(),
  title: z.string(),
  explanation: z.string(),
  /** Who made it, as it called itself. */
  client: z.string(),
  edits: z.array(z.object({ path: z.string(), text: z.string().optional() })),
  mode: z.enum(AGENT_MODES),
  seed: z.number().int(),
});
export type SubmissionRunInput = z.output<typeof submissionRunInputSchema>;

/** What somebody else may have mended in the meantime is not tried again. */
const FREE = ['open', 'suggested', 'verified', 'rejected', 'failed', 'gone', 'merged'] as const;

/** Verifies a patch that the caller's own model made, as it would one of ours. */
export function submissionRunKind(kit: HealKit): RunKind<SubmissionRunInput> {
  return {
    kind: SUBMISSION_RUN_KIND,
    queue: 'local',
    input: submissionRunInputSchema,
    title: ({ title, taskId }) => `Verify a patch for task ${taskId}: ${title}`,
    execute: (input, context) => submit(kit, input, context),
  };
}

async function submit(kit: HealKit, input: SubmissionRunInput, context: RunContext): Promise<Record<string, unknown>> {
  const { root, mode, taskId } = input;
  await kit.attempts.cancelOpen(context.runId);
  await kit.tasks.release(context.runId);
  context.progress({ done: 0, total: 1, unit: 'patches', message: 'verifying' });
  const judged = await context.step('verify', () => verifySubmission(kit, input, context));
  const [handed = judged.task] =
    mode === 'dry_run'
      ? [judged.task]
      : await deliverFixes(kit, { root, mode, tried: [judged.task], isAsked: true }, context);
  context.progress({ done: 1, total: 1, unit: 'patches', message: handed.outcome });
  return { ...handed, taskId, evidence: judged.evidence };
}

async function verifySubmission(
  kit: HealKit,
  input: SubmissionRunInput,
  { runId, signal }: RunContext,
): Promise<{ readonly task: HealedTask; readonly evidence: string }> {
  const { root, taskId, baseCommit, seed } = input;
  const task = await kit.tasks.claim(taskId, { runId, baseCommit, from: FREE });
  if (task === undefined) {
    throw new AppError('conflict', `Task \`${taskId}\` is being worked at, or has a pull request.`, {
      hint: 'Call agent_task to see it, or agent_next for another one.',
    });
  }
  const session = new HealSession(kit, { workspace: root, base: baseCommit, signal });
  const start = { taskId, number: task.attempts, patcher: 'client', baseCommit, seed, runId } as const;
  const attempt = await kit.attempts.start(start);
  const learned = await learnedChoices(kit.outcomes, kit.settings);
  try {
    const result = await judgeSubmission(kit, { task, input, session, runId, signal });
    const fixability = learned.fixabilityOf(task, result.fixer);
    await recordAttempt(kit, { root, runId, task, attempt, result, fixability });
    const { outcome, fixer, title, reason, report } = result;
    const strength = strengthText(report?.strength);
    const probability = fixability?.probability;
    const healed = { ...healedOf(task), outcome, fixer, title, reason, strength, probability, usd: 0, tokens: 0 };
    return { task: healed, evidence: report === undefined ? (reason ?? '') : evidenceText(report) };
  } finally {
    await session.close();
  }
}

interface Judging {
  readonly task: AgentTask;
  readonly input: SubmissionRunInput;
  readonly session: HealSession;
  readonly runId: string;
  readonly signal: AbortSignal;
}

async function judgeSubmission(kit: HealKit, { task, input, session, runId, signal }: Judging): Promise<AttemptResult> {
  const { root, edits, title, explanation, client, seed } = input;
  const { authorName: name, authorEmail: email } = kit.settings;
  const checkout = await session.attemptIn(await branchOf(kit.pullRequests, task));
  try {
    return await judge(task, {
      made: {
        patcher: 'client',
        fixer: `client:${client}`,
        title,
        edits: edits.map(({ path, text }) => ({ path, text })),
        evidence: explanation === '' ? [] : [explanation],
      },
      checkout,
      deps: {
        verify: kit.verifierFor({ root, session, limits: undefined }),
        messageOf: (one, made) => commitMessageOf(one, made, runId),
        author: { name, email },
        seed,
        signal,
      },
      needsTests: false,
    });
  } finally {
    await checkout.close();
  }
}
