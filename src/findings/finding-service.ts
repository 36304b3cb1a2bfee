import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../core/key-cursor.ts';
import { createPathFilter } from '../graph/index.ts';
import { isTerminal } from '../runs/index.ts';
import type { Run, RunContext, RunService } from '../runs/index.ts';
import { COLLECT_RUN_KIND, collectInto, collectRunInputSchema, collectRunKind } from './collect-run.ts';
import type { SourceDeps } from './collect-sources.ts';
import { SEVERITIES } from './finding-schema.ts';
import type {
  Finding,
  FindingListAnswer,
  FindingListInput,
  FindingSource,
  FindingUpdateInput,
} from './finding-schema.ts';
import type { FindingPosition, FindingStore } from './finding-store.ts';
import type { RecommendAnswer, RecommendInput } from './recommend-schema.ts';
import { NOT_COVERED, recommendationsOf } from './recommendations.ts';

export interface FindingServiceDeps extends SourceDeps {
  readonly store: FindingStore;
  readonly runs: Pick<RunService, 'register' | 'start' | 'list'>;
}

export interface CollectOptions {
  /** On whose behalf. */
  readonly owner?: string | undefined;
  /** Whether the tests are run, too. */
  readonly tests?: boolean;
}

/** Enough to see every unfinished run: they are the newest. */
const RECENT_RUNS = 100;
/** Each program is bounded too; together they may not go on for ever either. */
const TIMEOUT_MS = 60 * 60_000;
/** Recommendations rest on the gravest of so many. */
const MAX_CONSIDERED = 20_000;

const gravestKey = z.tuple([z.number().int().min(0).max(4), z.string(), z.string()]);
const newestKey = z.tuple([z.iso.datetime({ precision: 6 }).regex(/^(?!0000)/), z.string()]);

/** What is wrong with the code of workspaces: collects it in runs, keeps it, and says what to do first. */
export class FindingService {
  readonly #deps: FindingServiceDeps;
  /** Roots for which a run is being stored: two starts at once must not both find none. */
  readonly #starting = new Set<string>();

  constructor(deps: FindingServiceDeps) {
    this.#deps = deps;
  }

  /** Makes the kind of run known; before the runs are opened. */
  register(): void {
    this.#deps.runs.register(collectRunKind(this.#deps));
  }

  /** Starts a run that collects. Throws `conflict` while one does, and as any question for what is no workspace. */
  async startCollect(workspace: string | undefined, { owner, tests = false }: CollectOptions = {}): Promise<Run> {
    const root = await this.#deps.graph.rootOf(workspace);
    if (this.#starting.has(root)) throw conflict(root, 'by a run that is just being started');
    this.#starting.add(root);
    try {
      const active = await this.#activeRun(root);
      if (active !== undefined) throw conflict(root, `by run \`${active.runId}\``);
      return await this.#deps.runs.start(COLLECT_RUN_KIND, { root, tests }, { timeoutMs: TIMEOUT_MS, owner });
    } finally {
      this.#starting.delete(root);
    }
  }

  /**
   * Collects within a run that needs findings first, from these sources or from all that run no tests. Returns what each came
   * to.
   */
  collectWithin(
    root: string,
    context: RunContext,
    sources?: readonly FindingSource[],
  ): Promise<Record<string, unknown>> {
    return collectInto(this.#deps, { root, tests: sources?.includes('tests') ?? false, sources }, context);
  }

  /** Open findings, gravest first, at most so many; whether these are all. */
  async listOpen(
    root: string,
    limit: number,
  ): Promise<{ readonly findings: readonly Finding[]; readonly isAll: boolean }> {
    const any = { severity: undefined, category: undefined, source: undefined, rule: undefined, paths: undefined };
    const page = { order: 'gravest', after: undefined, limit: limit + 1 } as const;
    const found = await this.#deps.store.list({ root, state: 'open', ...any }, page);
    return { findings: found.slice(0, limit), isAll: found.length <= limit };
  }

  /** Stored findings of a workspace, page by page. Throws `invalid_input` for a cursor of another question. */
  async list(input: FindingListInput): Promise<FindingListAnswer> {
    const { state, severity, category, source, rule, path, order, limit, cursor } = input;
    const { store } = this.#deps;
    const root = await this.#deps.graph.rootOf(input.workspace);
    const question = ['finding_list', root, state, severity, category, source, rule, path, order];
    const after = cursor === undefined ? undefined : positionOf(order, question, cursor);
    const paths = path === undefined ? undefined : (await store.listPaths(root)).filter(createPathFilter(path));
    const filter = { root, state, severity, category, source, rule, paths };
    const [found, total, counts] = await Promise.all([
      store.list(filter, { order, after, limit: limit + 1 }),
      store.count(filter),
      store.countByState(root),
    ]);
    const findings = found.slice(0, limit);
    const last = found.length > limit ? findings.at(-1) : undefined;
    const isNew = counts.open + counts.fixed + counts.ignored === 0;
    return {
      workspace: root,
      findings,
      total,
      ...(last !== undefined && { nextCursor: encodeKeyCursor(question, keyOf(order, last)) }),
      counts,
      ...(isNew && { note: await this.#noteOnNone(root) }),
    };
  }

  /** Ignores a finding, or opens it again. Throws `not_found`, `conflict` for a fixed one, `invalid_input`. */
  async update({ findingId, action, reason }: FindingUpdateInput): Promise<Finding> {
    if (action === 'ignore' && reason === undefined) {
      throw new AppError('invalid_input', 'A finding is ignored for a reason.', { hint: 'Give `reason`.' });
    }
    const isIgnored = action === 'ignore';
    const updated = await this.#deps.store.setState(
      findingId,
      isIgnored ? 'ignored' : 'open',
      isIgnored ? reason : undefined,
    );
    if (updated !== undefined) return updated;
    if ((await this.#deps.store.find(findingId)) === undefined) {
      throw new AppError('not_found', `There is no finding \`${findingId}\`.`, {
        hint: 'finding_list gives findings with their findingId.',
      });
    }
    throw new AppError('conflict', `Finding \`${findingId}\` is fixed: it was not there any more.`, {
      hint: 'It opens by itself when a collection sees it again.',
    });
  }

  /** What to do first, concluded from open findings alone. */
  async recommend({ workspace, path, category, limit }: RecommendInput): Promise<RecommendAnswer> {
    const { store } = this.#deps;
    const root = await this.#deps.graph.rootOf(workspace);
    const paths = path === undefined ? undefined : (await store.listPaths(root)).filter(createPathFilter(path));
    const filter = {
      root,
      paths,
      category,
      state: 'open',
      severity: undefined,
      source: undefined,
      rule: undefined,
    } as const;
    const page = { order: 'gravest', after: undefined, limit: MAX_CONSIDERED + 1 } as const;
    const [found, counts] = await Promise.all([store.list(filter, page), store.countByState(root)]);
    const considered = found.slice(0, MAX_CONSIDERED);
    const all = recommendationsOf(considered);
    const isNew = counts.open + counts.fixed + counts.ignored === 0;
    const note = isNew
      ? await this.#noteOnNone(root)
      : [
          ...(found.length > MAX_CONSIDERED ? [`from the gravest ${MAX_CONSIDERED} findings alone`] : []),
          NOT_COVERED,
        ].join('; ');
    return {
      workspace: root,
      recommendations: all.slice(0, limit),
      total: all.length,
      findings: considered.length,
      note,
    };
  }

  async #noteOnNone(root: string): Promise<string> {
    const { runs } = await this.#deps.runs.list({ kind: COLLECT_RUN_KIND, limit: RECENT_RUNS });
    const latest = runs.find((run) => isOf(run, root));
    if (latest === undefined) return 'nothing was ever collected here: call finding_collect';
    if (latest.status === 'completed') return 'the last collection found nothing; run_get tells what it ran';
    return `collection \`${latest.runId}\` is ${latest.status}: call run_get`;
  }

  async #activeRun(root: string): Promise<Run | undefined> {
    const { runs } = await this.#deps.runs.list({ kind: COLLECT_RUN_KIND, limit: RECENT_RUNS });
    return runs.find((run) => !isTerminal(run.status) && isOf(run, root));
  }
}

function isOf(run: Run, root: string): boolean {
  return collectRunInputSchema.safeParse(run.input).data?.root === root;
}

function keyOf(order: FindingListInput['order'], finding: Finding): (string | number)[] {
  const { severity, path, firstSeenAt, findingId } = finding;
  return order === 'newest' ? [firstSeenAt, findingId] : [SEVERITIES.indexOf(severity), path, findingId];
}

function positionOf(order: FindingListInput['order'], question: readonly unknown[], cursor: string): FindingPosition {
  if (order === 'newest') {
    const [firstSeenAt, findingId] = decodeKeyCursor(newestKey, question, cursor);
    return { order, firstSeenAt, findingId };
  }
  const [severity, path, findingId] = decodeKeyCursor(gravestKey, question, cursor);
  return { order, severity, path, findingId };
}

function conflict(root: string, by: string): AppError {
  return new AppError('conflict', `Findings of ${root} are being collected already, ${by}.`, {
    hint: 'Call run_get to watch it, or run_control to cancel it.',
  });
}
