import type { AgentAttempt, AgentTask } from './agent-schema.ts';
import { pullRequestTextOf } from './pull-request-text.ts';
import type { PullRequestText } from './pull-request-text.ts';
import { evidenceMarkdown } from './verify/evidence-text.ts';

/** The pull request of a verified attempt, from what was stored of it. */
export function proposalTextOf(task: AgentTask & { readonly branch: string }, attempt: AgentAttempt): PullRequestText {
  const { report, fixability, fixer, title, reason, baseCommit, seed, files, addedLines, removedLines } = attempt;
  if (report === undefined || fixability === undefined || fixer === undefined) {
    throw new Error(`Attempt ${attempt.attemptId} has no evidence.`);
  }
  return pullRequestTextOf({
    task,
    fix: { patcher: attempt.patcher, fixer, title: title ?? fixer, evidence: reason === undefined ? [] : [reason] },
    before: report.gates.flatMap(({ removed }) => removed),
    report,
    evidence: evidenceMarkdown(report),
    fixability,
    commands: report.gates.filter(({ verdict }) => verdict !== 'not_run').map(({ command }) => command),
    seed,
    baseCommit,
    branch: task.branch,
    diff: { files, addedLines, removedLines },
    model:
      attempt.provider === undefined
        ? undefined
        : { provider: attempt.provider, name: fixer, usd: attempt.usd, tokens: attempt.tokens },
  });
}
