import type { AgentStatusAnswer, AgentTaskAnswer, AgentTasksAnswer, LearnedPattern } from './agent-answers.ts';
import type { AgentAttempt, AgentPullRequest, AgentTask } from './agent-schema.ts';
import { evidenceText } from './verify/evidence-text.ts';

/** Answers of the agent as text that stands on its own. */

const MAX_PATCH = 4_000;
const MAX_EVIDENCE = 3_000;

export function renderAgentTasks({ workspace, tasks, total, counts, nextCursor, note }: AgentTasksAnswer): string {
  const states = Object.entries(counts).flatMap(([state, count]) => (count === 0 ? [] : [`${count} ${state}`]));
  return [
    `${total} tasks in ${workspace}${states.length === 0 ? '' : ` (${states.join(', ')})`}`,
    ...tasks.map(taskLine),
    ...(nextCursor === undefined ? [] : [`next page: cursor ${nextCursor}`]),
    ...(note === undefined ? [] : [`note: ${note}`]),
  ].join('\n');
}

function taskLine(task: AgentTask): string {
  const { taskId, state, severity, rule, message, reason } = task;
  const why = reason === undefined ? '' : ` – ${reason.split('\n')[0]?.slice(0, 200) ?? ''}`;
  return `${taskId} ${state} ${severity} ${rule} ${placeOf(task)} ${message.split('\n')[0]?.slice(0, 160) ?? ''}${why}`;
}

function placeOf({ path, line }: Pick<AgentTask, 'path' | 'line'>): string {
  return line === undefined ? path : `${path}:${line}`;
}

/** One task with its attempts, newest first. */
export function renderAgentTask({ history, pullRequests, workspace, ...task }: AgentTaskAnswer): string {
  const facts = [
    `task ${task.taskId} in ${workspace}: ${task.state}, ${task.severity} ${task.rule} at ${placeOf(task)}`,
    task.message,
    ...(task.reason === undefined ? [] : [`why: ${task.reason}`]),
    ...(task.branch === undefined ? [] : [`branch ${task.branch}, commit ${task.commit ?? 'unknown'}`]),
    ...(task.coolDownUntil === undefined ? [] : [`left alone until ${task.coolDownUntil}`]),
  ];
  return [...facts, ...pullRequests.map(pullRequestLine), ...history.map(attemptText)].join('\n');
}

function pullRequestLine({ url, state, isDraft, checks }: AgentPullRequest): string {
  return `pull request ${url}: ${state}${isDraft ? ', draft' : ''}, checks ${checks}`;
}

function attemptText(attempt: AgentAttempt): string {
  const { number, patcher, fixer, title, outcome, reason, patch, report, fixability } = attempt;
  const who = [patcher, fixer].filter((part) => part !== undefined).join(' ');
  const spent = attempt.tokens === 0 ? [] : [`spent: ${attempt.tokens} tokens, ${attempt.usd.toFixed(4)} usd`];
  return [
    `attempt ${number} by ${who}: ${outcome ?? 'going on'}${title === undefined ? '' : `, ${title}`}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    ...(fixability === undefined ? [] : [`  chance ${fixability.probability.toFixed(2)} (${fixability.basis})`]),
    ...spent.map((line) => `  ${line}`),
    ...(report === undefined ? [] : [evidenceText(report, MAX_EVIDENCE)]),
    ...(patch === undefined ? [] : [cut(patch, MAX_PATCH)]),
  ].join('\n');
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}\n… (${text.length - most} more characters)`;
}

export function renderAgentStatus(status: AgentStatusAnswer): string {
  const { workspace, mode, approval, isAutonomous, nextRunAt, activeRunId, lastRunId, model, repository } = status;
  const { tasks, openPullRequests, attempts, usd, tokens, fixability, choice, patterns, note } = status;
  return [
    `agent of ${workspace}: ${isAutonomous ? `by itself every ${status.intervalMinutes} min, next ${nextRunAt ?? 'now'}` : 'on demand'}`,
    `mode ${mode}, approval ${approval}, model ${model ?? 'none'}, repository ${repository ?? 'none'}`,
    ...(activeRunId === undefined ? [] : [`at work: run ${activeRunId}`]),
    ...(lastRunId === undefined ? [] : [`last run ${lastRunId}`]),
    `tasks: ${countsText(tasks)}; ${openPullRequests} pull requests open`,
    `attempts: ${countsText(attempts)}; ${tokens} tokens, ${usd.toFixed(4)} usd`,
    `chance of a fix: ${fixability.note}`,
    `choice of a fixer: ${choice.note}`,
    ...patterns.map(patternLine),
    ...(note === undefined ? [] : [`note: ${note}`]),
  ].join('\n');
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]));
  return some.length === 0 ? 'none' : some.join(', ');
}

function patternLine({ codes, fixer, successes, failures }: LearnedPattern): string {
  return `  ${codes.join('+')} → ${fixer}: ${successes} of ${successes + failures}`;
}
