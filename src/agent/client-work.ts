import { randomInt } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import type { GitReader } from '../git/index.ts';
import type { RunService } from '../runs/index.ts';
import type { Run } from '../runs/index.ts';
import type { AgentAttempt, AgentTask } from './agent-schema.ts';
import type { AgentNextAnswer, AgentNextInput, AgentSubmitInput } from './client-schema.ts';
import { applyEditBlocks } from './edit-blocks.ts';
import type { HealKit } from './heal-kit.ts';
import { SUBMISSION_RUN_KIND } from './submission-run.ts';
import type { SubmissionRunInput } from './submission-run.ts';
import { workPacketOf } from './work-packet.ts';

export interface ClientWorkDeps extends Pick<HealKit, 'tasks' | 'attempts' | 'settings'> {
  readonly git: Pick<GitReader, 'findText' | 'headOf'>;
  readonly runs: Pick<RunService, 'start'>;
  readonly rootOf: (workspace: string | undefined) => Promise<string>;
}

const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_CONSIDERED = 5;
const MAX_LISTED = 50;
const MAX_SEED = 2_147_483_647;
const TIMEOUT_MS = 60 * 60_000;
const NOTHING =
  'nothing to do: call agent_heal with mode dry_run to look for findings; agent_tasks lists what is known';
const NOT_COMMITTED = 'the file is not in the last commit: commit it first, all work is done on commits';
const WORKABLE: ReadonlySet<AgentTask['state']> = new Set(['open', 'suggested', 'failed']);

/** The most urgent task that a client's own model could mend, as a packet that needs no further reading for a small fix. */
export async function nextWork(
  deps: ClientWorkDeps,
  input: AgentNextInput,
  signal: AbortSignal,
): Promise<AgentNextAnswer> {
  const root = await deps.rootOf(input.workspace);
  const { budgets, maxAttempts } = deps.settings;
  const task = input.taskId === undefined ? await mostUrgent(deps, root) : await deps.tasks.find(input.taskId);
  if (task === undefined) return { workspace: root, considered: [], note: NOTHING };
  const [baseCommit, attempts] = await Promise.all([
    deps.git.headOf(root, signal),
    deps.attempts.listOf(task.taskId, MAX_CONSIDERED),
  ]);
  const place = { folder: root, commit: baseCommit, path: task.path };
  const text = await deps.git.findText(place, { maxBytes: MAX_TEXT_BYTES, signal });
  const candidates = attempts.filter(({ outcome }) => outcome === 'suggestion').map(candidateOf);
  const attemptsLeft = Math.max(0, maxAttempts - task.attempts);
  return {
    workspace: root,
    packet: workPacketOf({ task, text, candidates, budget: budgets, attemptsLeft }),
    baseCommit,
    considered: attempts.map(consideredText),
    ...(text === undefined && { note: NOT_COMMITTED }),
  };
}

function candidateOf({ fixer = 'a fixer', title = '', patch = '' }: AgentAttempt) {
  return { fixer, title, diff: patch };
}

async function mostUrgent({ tasks, settings }: ClientWorkDeps, root: string): Promise<AgentTask | undefined> {
  const listed = await tasks.list({ root }, { limit: MAX_LISTED });
  return listed.find(({ state, attempts }) => WORKABLE.has(state) && attempts < settings.maxAttempts);
}

function consideredText({ patcher, fixer, title, outcome, reason }: AgentAttempt): string {
  const who = [patcher, fixer].filter((part) => part !== undefined).join(' ');
  return [`${who}: ${outcome ?? 'going on'}`, title, reason]
    .filter((part) => part !== undefined && part !== '')
    .join('; ')
    .slice(0, 500);
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
  const edits = applied.edits.map(({ path, text }) => ({ path, text }));
  const seed = randomInt(MAX_SEED);
  const run: SubmissionRunInput = { root, taskId, baseCommit, title, explanation, client, edits, mode, seed };
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
