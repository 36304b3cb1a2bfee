import type { AgentAttempt, AgentTask, AttemptOutcome, Fixability, TaskState } from './agent-schema.ts';
import type { AttemptResult } from './attempt-task.ts';
import type { HealKit } from './heal-kit.ts';

export interface AttemptRecord {
  readonly root: string;
  readonly runId: string;
  readonly task: AgentTask;
  readonly attempt: AgentAttempt;
  readonly result: AttemptResult;
  readonly fixability?: Fixability | undefined;
}

const STATE_AFTER: Readonly<Record<AttemptOutcome, Exclude<TaskState, 'working' | 'rejected'>>> = {
  verified: 'verified',
  suggestion: 'suggested',
  unproven: 'suggested',
  failed: 'failed',
  refused: 'failed',
  no_fix: 'failed',
  cancelled: 'open',
};

/** Only these say something of the fix itself. */
const LEARNED_FROM: ReadonlySet<AttemptOutcome> = new Set(['verified', 'failed', 'refused']);

/** Stores how an attempt ended, what that makes of its task, and what is learned from it. May be repeated. */
export async function recordAttempt(
  { attempts, transcripts, tasks, outcomes }: Pick<HealKit, 'attempts' | 'transcripts' | 'tasks' | 'outcomes'>,
  { root, runId, task, attempt, result, fixability }: AttemptRecord,
): Promise<void> {
  const { commit, evidence: _evidence, transcript, ...end } = result;
  const { attemptId } = attempt;
  if (transcript !== undefined) await transcripts.save(attemptId, transcript);
  await attempts.end(attemptId, { ...end, fixability });
  await tasks.change(task.taskId, {
    from: ['working'],
    to: STATE_AFTER[end.outcome],
    runId,
    reason: end.reason,
    ...(commit !== undefined && { commit }),
  });
  if (end.fixer === undefined || end.report === undefined || !LEARNED_FROM.has(end.outcome)) return;
  await outcomes.record({
    root,
    attemptId,
    patcher: end.patcher,
    fixer: end.fixer,
    rule: task.rule,
    codes: [task.rule],
    isSuccess: end.outcome === 'verified',
    probability: fixability?.probability,
  });
}
