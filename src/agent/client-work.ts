import { randomInt } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import { visibleText } from '../core/outside-text.ts';
import { redactText } from '../core/redact.ts';
import type { GitReader } from '../git/index.ts';
import type { RunService } from '../runs/index.ts';
import type { Run } from '../runs/index.ts';
import type { AgentAttempt, AgentTask } from './agent-schema.ts';
import type { AgentNextAnswer, AgentNextInput, AgentSubmitInput } from './client-schema.ts';
import { applyEditBlocks } from './edit-blocks.ts';
import type { HealKit } from './heal-kit.ts';
import { SUBMISSION_RUN_KIND } from './submission-run.ts';
import type { SubmissionRunInput } from './submission-run.ts';

export interface ClientWorkDeps extends Pick<HealKit, 'tasks' | 'attempts' | 'settings'> {
  readonly git: Pick<GitReader, 'findText' | 'headOf'>;
  readonly runs: Pick<RunService, 'start'>;
  readonly rootOf: (workspace: string | undefined) => Promise<string>;
}

/** On either side of the place. */
const WINDOW_LINES = 40;
const MAX_LINE_CHARACTERS = 300;
const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_CONSIDERED = 5;
const MAX_LISTED = 50;
const MAX_SEED = 2_147_483_647;
const TIMEOUT_MS = 60 * 60_000;
const WORKABLE: readonly AgentTask['state'][] = ['open', 'suggested', 'failed'];

/** The most urgent task that a client's own model could mend, as a packet that needs no further reading for a small fix. */
export async function nextWork(
  deps: ClientWorkDeps,
  input: AgentNextInput,
  signal: AbortSignal,
): Promise<AgentNextAnswer> {
  const root = await deps.rootOf(input.workspace);
  const { budgets, maxAttempts } = deps.settings;
  const rules = rulesOf(budgets);
  const task = input.taskId === undefined ? await mostUrgent(deps, root) : await deps.tasks.find(input.taskId);
  if (task === undefined) {
    const note =
      'nothing to do: call agent_heal with mode dry_run to look for findings; agent_tasks lists what is known';
    return { workspace: root, considered: [], rules, note };
  }
  const [baseCommit, attempts] = await Promise.all([
    deps.git.headOf(root, signal),
    deps.attempts.listOf(task.taskId, MAX_CONSIDERED),
  ]);
  const place = { folder: root, commit: baseCommit, path: task.path };
  const text = await deps.git.findText(place, { maxBytes: MAX_TEXT_BYTES, signal });
  const { taskId, source, rule, severity, path, line, symbol, message } = task;
  const notes = [
    ...(text === undefined
      ? ['the file is not in the last commit: commit it first, work on commits is all that is done']
      : []),
    ...(task.attempts >= maxAttempts ? [`it was tried ${task.attempts} times before`] : []),
  ];
  return {
    workspace: root,
    task: { taskId, source, rule, severity, path, line, symbol, message: visibleText(redactText(message)) },
    baseCommit,
    ...(text !== undefined && { code: windowOf(text, line) }),
    considered: attempts.map(consideredText),
    rules,
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
}

async function mostUrgent({ tasks, settings }: ClientWorkDeps, root: string): Promise<AgentTask | undefined> {
  const listed = await tasks.list({ root }, { limit: MAX_LISTED });
  return listed.find(({ state, attempts }) => WORKABLE.includes(state) && attempts < settings.maxAttempts);
}

/** Secrets are taken out before it is cut, so that no half of one is shown. */
function windowOf(text: string, line = 1): string {
  const lines = visibleText(redactText(text)).split('\n');
  const from = Math.max(0, line - 1 - WINDOW_LINES);
  const shown = lines.slice(from, line + WINDOW_LINES);
  return shown.map((one, at) => `${from + at + 1}: ${one.slice(0, MAX_LINE_CHARACTERS)}`).join('\n');
}

function consideredText({ patcher, fixer, title, outcome, reason }: AgentAttempt): string {
  const who = [patcher, fixer].filter((part) => part !== undefined).join(' ');
  return [`${who}: ${outcome ?? 'going on'}`, title, reason]
    .filter((part) => part !== undefined && part !== '')
    .join('; ')
    .slice(0, 500);
}

function rulesOf({ files, diffLines }: HealKit['settings']['budgets']): string[] {
  return [
    'Blocks are {path, search, replace}; search must stand in the file exactly once, as it is, without line numbers.',
    `At most ${files} files and ${diffLines} changed lines; nothing but what the finding is about.`,
    'Tests, configuration, lock files and CI stay as they are; no suppressions, no `any`, no skipped tests.',
    'No new diagnostic may come anywhere; the checks of the base commit decide.',
  ];
}

/** Fits the blocks to their base commit and starts the run that verifies. Throws `invalid_input` with what does not fit. */
export async function startSubmission(
  deps: ClientWorkDeps,
  input: AgentSubmitInput,
  caller: { readonly owner: string | undefined; readonly client: string; readonly signal: AbortSignal },
): Promise<Run> {
  const { taskId, baseCommit, edits: blocks, title, explanation, mode } = input;
  const root = await deps.tasks.findRoot(taskId);
  if (root === undefined || (await deps.rootOf(root)) !== root) {
    throw new AppError('not_found', `There is no task \`${taskId}\`.`, {
      hint: 'agent_next gives one with its taskId.',
    });
  }
  const { signal, owner, client } = caller;
  const findText = (path: string): Promise<string | undefined> =>
    deps.git.findText(
      { folder: root, commit: baseCommit, path: plainPath(path) },
      { maxBytes: MAX_TEXT_BYTES, signal },
    );
  const applied = await applyEditBlocks(blocks, findText);
  if (!applied.isApplied) {
    throw new AppError(
      'invalid_input',
      `The patch does not fit ${baseCommit.slice(0, 12)}: ${applied.problems.join(' ')}`,
      {
        hint: 'Mend the blocks and submit all of them again; nothing was done.',
      },
    );
  }
  const run: SubmissionRunInput = {
    root,
    taskId,
    baseCommit,
    title,
    explanation,
    client,
    edits: applied.edits.map(({ path, text }) => ({ path, text })),
    mode,
    seed: randomInt(MAX_SEED),
  };
  return deps.runs.start(SUBMISSION_RUN_KIND, run, { timeoutMs: TIMEOUT_MS, owner });
}

/** Relative, within the workspace, and no part of the repository itself. */
function plainPath(path: string): string {
  const parts = path.split('/');
  const isOut = path.startsWith('/') || path.includes('\\') || parts.some((part) => part === '..' || part === '.git');
  if (!isOut && !/\p{Cc}/u.test(path)) return path;
  throw new AppError('invalid_input', `\`${path}\` is no path within the workspace.`, {
    hint: 'Give paths relative to the workspace, with forward slashes.',
  });
}
