import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../core/key-cursor.ts';
import type { GitReader } from '../git/index.ts';
import type { GraphService } from '../graph/index.ts';
import { isTerminal } from '../runs/index.ts';
import type { Run, RunService } from '../runs/index.ts';
import type {
  AgentHealInput,
  AgentStatusAnswer,
  AgentTaskAnswer,
  AgentTasksAnswer,
  AgentTasksInput,
} from './agent-answers.ts';
import type { AgentTask } from './agent-schema.ts';
import { agentModeOf } from './agent-settings.ts';
import type { AgentNextAnswer, AgentNextInput, AgentSubmitInput } from './client-schema.ts';
import { nextWork, startSubmission } from './client-work.ts';
import type { ClientWorkDeps } from './client-work.ts';
import { FOLLOW_RUN_KIND, followRunKind } from './pull-request-follow-up.ts';
import { HEAL_RUN_KIND, healRunInputSchema } from './heal-input.ts';
import type { HealKit } from './heal-kit.ts';
import { healRunKind } from './heal-run.ts';
import { learnedChoices } from './learned-choices.ts';
import { readTranscript } from './read-transcript.ts';
import { submissionRunKind } from './submission-run.ts';
import type { TranscriptAnswer, TranscriptInput } from './transcript-schema.ts';

export interface AgentServiceDeps extends HealKit {
  readonly graph: Pick<GraphService, 'rootOf'>;
  readonly runs: Pick<RunService, 'register' | 'start' | 'list' | 'get'>;
  readonly git: Pick<GitReader, 'findText' | 'headOf'>;
  /** Whether it heals by itself, and when next. */
  readonly schedule: () => { readonly isAutonomous: boolean; readonly nextRunAt?: string | undefined };
}

/** Enough to see every unfinished run: they are the newest. */
const RECENT_RUNS = 100;
/** Beyond its own budget of time: collecting and handing over take some, too. */
const GRACE_MS = 60 * 60_000;
const MINUTE_MS = 60_000;
const FOLLOW_TIMEOUT_MS = 15 * MINUTE_MS;
const MAX_HISTORY = 20;
const MAX_PATTERNS = 20;
const MAX_SEED = 2_147_483_647;

const taskKey = z.tuple([z.number(), z.string()]);

/** The healing agent: starts its runs, and answers what it knows, has done and has learned. */
export class AgentService {
  readonly #deps: AgentServiceDeps;
  /** Roots for which a run is being stored: two starts at once must not both find none. */
  readonly #starting = new Set<string>();

  constructor(deps: AgentServiceDeps) {
    this.#deps = deps;
  }

  /** Makes its kinds of runs known; before the runs are opened. */
  register(): void {
    const { runs } = this.#deps;
    runs.register(healRunKind(this.#deps));
    runs.register(submissionRunKind(this.#deps));
    runs.register(followRunKind(this.#deps));
  }

  /** Starts a run that heals, on behalf of `owner`. Throws `conflict` while one does, and as any question for what is no workspace. */
  async startHeal(input: AgentHealInput, owner?: string): Promise<Run> {
    const { graph, runs, settings } = this.#deps;
    const root = await graph.rootOf(input.workspace);
    if (this.#starting.has(root)) throw conflict(root, 'by a run that is just being started');
    this.#starting.add(root);
    try {
      const active = await this.#activeRun(root);
      if (active !== undefined) throw conflict(root, `by run \`${active.runId}\``);
      const { workspace: _workspace, ...rest } = input;
      const { budgets } = settings;
      const wallMs = input.budget?.wallMs ?? budgets.wallMinutes * MINUTE_MS;
      const budget = {
        usd: input.budget?.usd ?? budgets.usd,
        tokens: input.budget?.tokens ?? budgets.tokens,
      };
      const seed = input.seed ?? randomInt(MAX_SEED);
      return await runs.start(HEAL_RUN_KIND, { ...rest, root, seed }, { timeoutMs: wallMs + GRACE_MS, budget, owner });
    } finally {
      this.#starting.delete(root);
    }
  }

  /** Starts a run that looks after open pull requests. */
  async startFollow(workspace: string | undefined, owner?: string): Promise<Run> {
    const root = await this.#deps.graph.rootOf(workspace);
    return this.#deps.runs.start(FOLLOW_RUN_KIND, { root }, { timeoutMs: FOLLOW_TIMEOUT_MS, owner });
  }

  /** The same for the default workspace, where there are any. */
  async followOpen(): Promise<void> {
    const root = await this.#deps.graph.rootOf(undefined);
    if ((await this.#deps.pullRequests.countOpen(root)) > 0) await this.startFollow(root);
  }

  /** The most urgent task as a packet for the caller's own model. */
  next(input: AgentNextInput, signal: AbortSignal): Promise<AgentNextAnswer> {
    return nextWork(this.#clientDeps(), input, signal);
  }

  /** Starts a run that verifies a patch of the caller's own model. Throws `invalid_input` for one that does not fit. */
  submit(input: AgentSubmitInput, caller: Parameters<typeof startSubmission>[2]): Promise<Run> {
    return startSubmission(this.#clientDeps(), input, caller);
  }

  #clientDeps(): ClientWorkDeps {
    const { graph } = this.#deps;
    return { ...this.#deps, rootOf: (workspace) => graph.rootOf(workspace) };
  }

  /** Tasks of a workspace, page by page. Throws `invalid_input` for a cursor of another question. */
  async listTasks(input: AgentTasksInput): Promise<AgentTasksAnswer> {
    const { state, severity, category, rule, limit, cursor } = input;
    const { tasks, graph } = this.#deps;
    const root = await graph.rootOf(input.workspace);
    const filter = { root, state, severity, category, rule };
    const question = ['agent_tasks', root, state, severity, category, rule];
    const after = cursor === undefined ? undefined : positionOf(question, cursor);
    const [found, total, counts] = await Promise.all([
      tasks.list(filter, { after, limit: limit + 1 }),
      tasks.count(filter),
      tasks.countByState(root),
    ]);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const isNew = Object.values(counts).every((count) => count === 0);
    return {
      workspace: root,
      tasks: page,
      total,
      ...(last !== undefined && { nextCursor: encodeKeyCursor(question, [last.priority, last.taskId]) }),
      counts,
      ...(isNew && { note: 'nothing was ever looked for here: call agent_heal' }),
    };
  }

  /** Throws `not_found`. */
  async getTask(taskId: string): Promise<AgentTaskAnswer> {
    const { attempts, pullRequests } = this.#deps;
    const { task, root } = await this.#found(taskId);
    const [history, opened] = await Promise.all([attempts.listOf(taskId, MAX_HISTORY), pullRequests.listOf(taskId)]);
    return { ...task, workspace: root, history, pullRequests: opened };
  }

  /** What was said between the agent and a model. Throws `not_found` where none was asked. */
  async transcript(input: TranscriptInput): Promise<TranscriptAnswer> {
    await this.#found(input.taskId);
    return readTranscript(this.#deps, input);
  }

  /** How it is set up, what it has done, what it has learned. */
  async status(workspace: string | undefined, signal: AbortSignal): Promise<AgentStatusAnswer> {
    const { graph, tasks, attempts, pullRequests, outcomes, settings, model, hosting } = this.#deps;
    const root = await graph.rootOf(workspace);
    const [counts, totals, openPullRequests, learned, runs, repository] = await Promise.all([
      tasks.countByState(root),
      attempts.totals(root),
      pullRequests.countOpen(root),
      learnedChoices(outcomes, settings),
      this.#runsOf(root),
      hosting.repositoryOf(root, signal),
    ]);
    const active = runs.find(({ status }) => !isTerminal(status));
    const last = runs.find(({ status }) => isTerminal(status));
    const notes = [
      ...(model === undefined ? ['no model is configured: it mends what its fixers know'] : []),
      ...(repository === undefined ? ['no GitHub repository: pull requests are written to files'] : []),
    ];
    return {
      workspace: root,
      ...this.#deps.schedule(),
      intervalMinutes: settings.intervalMinutes,
      activeRunId: active?.runId,
      lastRunId: last?.runId,
      mode: agentModeOf(settings),
      approval: settings.approval,
      model: model === undefined ? undefined : `${model.provider}/${model.name}`,
      repository,
      tasks: counts,
      openPullRequests,
      attempts: totals.outcomes,
      usd: totals.usd,
      tokens: totals.tokens,
      fixability: learned.fixability.calibration,
      choice: learned.choice.verdict,
      patterns: learned.choice.patterns.slice(0, MAX_PATTERNS),
      ...(notes.length > 0 && { note: notes.join('; ') }),
    };
  }

  async #found(taskId: string): Promise<{ readonly task: AgentTask; readonly root: string }> {
    const { tasks } = this.#deps;
    const [task, root] = await Promise.all([tasks.find(taskId), tasks.findRoot(taskId)]);
    if (task !== undefined && root !== undefined) return { task, root };
    throw new AppError('not_found', `There is no task \`${taskId}\`.`, {
      hint: 'agent_tasks gives tasks with their taskId.',
    });
  }

  async #activeRun(root: string): Promise<Run | undefined> {
    return (await this.#runsOf(root)).find(({ status }) => !isTerminal(status));
  }

  /** Newest first. */
  async #runsOf(root: string): Promise<Run[]> {
    const { runs } = await this.#deps.runs.list({ kind: HEAL_RUN_KIND, limit: RECENT_RUNS });
    return runs.filter(({ input }) => healRunInputSchema.safeParse(input).data?.root === root);
  }
}

function positionOf(question: readonly unknown[], cursor: string): { priority: number; taskId: string } {
  const [priority, taskId] = decodeKeyCursor(taskKey, question, cursor);
  return { priority, taskId };
}

function conflict(root: string, by: string): AppError {
  return new AppError('conflict', `${root} is being healed already, ${by}.`, {
    hint: 'Call run_get to watch it, or run_control to cancel it.',
  });
}
