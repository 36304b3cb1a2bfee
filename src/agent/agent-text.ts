import type { AgentStatusAnswer, AgentTaskAnswer, AgentTasksAnswer, TaskCounts } from './agent-answers.ts';
import type { AgentAttempt, AgentPullRequest, AgentTask, Fixability } from './agent-schema.ts';
import type { Gate, VerifyReport } from './verify/verify-report.ts';
import type { WorkPacket } from './work-packet.ts';

/** Answers of the agent as compact text. */

/** One line a task, `priority severity state rule path:line message`, its id at the end. */
export function renderAgentTasks({ tasks, total, nextCursor, counts, note }: AgentTasksAnswer): string {
  const more = nextCursor === undefined ? [] : [`${tasks.length} of ${total}, more: cursor=${nextCursor}`];
  const head = `${total} tasks (of all: ${renderCounts(counts)})`;
  return [head, ...tasks.map(renderTaskLine), ...more, ...noteLine(note)].join('\n');
}

export function renderTaskLine(task: AgentTask): string {
  const { priority, severity, state, rule, attempts, reason, taskId } = task;
  const tried = attempts === 0 ? '' : ` (${attempts} tried)`;
  const why = reason === undefined ? '' : ` [${firstLine(reason)}]`;
  return `${figure(priority)} ${severity} ${state} ${rule} ${placeOf(task)} ${firstLine(task.message)}${tried}${why} ${taskId}`;
}

export function renderAgentTask(answer: AgentTaskAnswer): string {
  const { taskId, state, reason, type, source, rule, severity, confidence, priority, message } = answer;
  const { attempts, rejections, coolDownUntil, branch, commit, findingId } = answer;
  return [
    `task ${taskId}: ${state}${reason === undefined ? '' : `, ${reason}`}`,
    `${severity} ${rule} (${source}, ${type}) ${placeOf(answer)}`,
    message,
    `priority ${figure(priority)}, confidence ${figure(confidence)}, ${attempts} tried, ${rejections} rejected`,
    ...(coolDownUntil === undefined ? [] : [`left alone until ${coolDownUntil}`]),
    ...(findingId === undefined ? [] : [`finding ${findingId}`]),
    ...(branch === undefined ? [] : [`branch ${branch}${commit === undefined ? '' : ` at ${commit}`}`]),
    ...answer.pullRequests.map(renderPullRequest),
    ...answer.history.map(renderAttempt),
  ].join('\n');
}

function renderPullRequest(pullRequest: AgentPullRequest): string {
  const { repository, number, state, isDraft, checks, url } = pullRequest;
  return `pull request ${repository}#${number}: ${state}${isDraft ? ', draft' : ''}, checks ${checks} ${url}`;
}

function renderAttempt(attempt: AgentAttempt): string {
  const { number, patcher, fixer, title, outcome, reason, files, addedLines, removedLines } = attempt;
  const maker = fixer === undefined ? patcher : `${patcher} ${fixer}`;
  const spent = attempt.tokens === 0 ? '' : `, ${attempt.tokens} tokens, ${attempt.usd.toFixed(4)} USD`;
  return [
    '',
    `attempt ${number} by ${maker}: ${outcome ?? 'goes on'}${title === undefined ? '' : `, ${title}`}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    `  ${files.length} files +${addedLines} -${removedLines}, seed ${attempt.seed}${spent}`,
    ...(attempt.provider === undefined ? [] : [`  what was said: agent_transcript, attempt ${number}`]),
    ...(attempt.fixability === undefined ? [] : [`  ${renderFixability(attempt.fixability)}`]),
    ...(attempt.report === undefined ? [] : reportLines(attempt.report).map((line) => `  ${line}`)),
    ...(attempt.patch === undefined ? [] : [attempt.patch]),
  ].join('\n');
}

export function renderFixability(fixability: Fixability): string {
  const { probability, level, estimate, baseline, basis } = fixability;
  return `chance ${figure(probability)} → ${level} (estimate ${figure(estimate)}, baseline ${figure(baseline)}). ${basis}`;
}

function reportLines({ verdict, reasons, target, gates, strength, selectedTests }: VerifyReport): string[] {
  return [
    `${verdict}: ${reasons.join(' ')}`,
    ...(target === undefined ? [] : [`finding: ${target.before} before, ${target.after} after`]),
    ...gates.map(gateLine),
    ...(selectedTests.length === 0 ? [] : [`tests chosen: ${selectedTests.join(', ')}`]),
    ...(strength === undefined ? [] : [`strength: ${strength.killed} of ${strength.mutants} mutants noticed`]),
  ];
}

function gateLine({ kind, verdict, command, before, after, reason }: Gate): string {
  const exit = (run: Gate['before']): string => (run === undefined ? '–' : String(run.exitCode ?? run.endedBy));
  const time = after === undefined ? '' : ` in ${(after.durationMs / 1_000).toFixed(1)} s`;
  return `${kind} ${verdict}: ${command} (exit ${exit(before)} → ${exit(after)}${time})${reason === undefined ? '' : ` ${reason}`}`;
}

export function renderAgentStatus(status: AgentStatusAnswer): string {
  const { isAutonomous, intervalMinutes, nextRunAt, mode, approval, model, repository, attempts, patterns } = status;
  const rhythm = isAutonomous
    ? `every ${intervalMinutes} min${nextRunAt === undefined ? '' : `, next ${nextRunAt}`}`
    : 'when asked';
  const ended = Object.entries(attempts).filter(([, count]) => count > 0);
  return [
    `agent of ${status.workspace}: starts ${rhythm}; mode ${mode}, approval ${approval}`,
    `model: ${model ?? 'none, fixers alone'}; pull requests: ${repository ?? 'none, branches alone'}`,
    ...(status.activeRunId === undefined ? [] : [`at work: run ${status.activeRunId}`]),
    ...(status.lastRunId === undefined ? [] : [`last run: ${status.lastRunId}`]),
    `tasks: ${renderCounts(status.tasks)}; ${status.openPullRequests} pull requests open`,
    `attempts: ${ended.length === 0 ? 'none' : ended.map(([outcome, count]) => `${count} ${outcome}`).join(', ')}; ${status.tokens} tokens, ${status.usd.toFixed(4)} USD`,
    `fixability: ${status.fixability.note}`,
    `choice of fixers: ${status.choice.note}`,
    ...patterns.map(
      ({ codes, fixer, successes, failures }) =>
        `  ${codes.join(' ') || '(no code)'} → ${fixer}: ${successes} right, ${failures} wrong`,
    ),
    ...noteLine(status.note),
  ].join('\n');
}

export function renderWorkPacket(packet: WorkPacket): string {
  const { taskId, rule, severity, message, code, candidates, editForm, rules } = packet;
  return [
    `task ${taskId}: ${severity} ${rule} ${placeOf(packet)}`,
    message,
    ...(code === '' ? ['(the file could not be read)'] : [code]),
    ...candidates.map(({ fixer, title, diff }) => `suggested by ${fixer}: ${title}${diff === '' ? '' : `\n${diff}`}`),
    `hand in ${editForm}`,
    ...rules.map((line) => `- ${line}`),
    `at most ${packet.maxDiffLines} lines in ${packet.maxFiles} files; ${packet.attemptsLeft} tries`,
  ].join('\n');
}

function renderCounts(counts: TaskCounts): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length === 0 ? 'none' : some.map(([state, count]) => `${count} ${state}`).join(', ');
}

function placeOf({ path, line }: { readonly path: string; readonly line?: number | undefined }): string {
  return line === undefined ? path : `${path}:${line}`;
}

function firstLine(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  return rest.length === 0 ? first : `${first} …`;
}

function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function noteLine(note: string | undefined): string[] {
  return note === undefined ? [] : [`note: ${note}`];
}
