import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { RunContext, RunKind } from '../runs/index.ts';
import { collectSources } from './collect-sources.ts';
import type { SourceDeps } from './collect-sources.ts';
import { FINDING_SOURCES } from './finding-schema.ts';
import type { FindingSource, SourceReport } from './finding-schema.ts';
import type { FindingStore } from './finding-store.ts';
import { mergeFindings } from './fingerprint.ts';

export const COLLECT_RUN_KIND = 'findings_collect';

/** The root is absolute and real. Tests are only run for who asked for it: they execute code that does what it likes. */
export const collectRunInputSchema = z.object({ root: z.string(), tests: z.boolean().default(false) });
type CollectRunInput = z.output<typeof collectRunInputSchema>;

/** All sources without `sources`: those of others are left as they are. */
interface Collection extends CollectRunInput {
  readonly sources?: readonly FindingSource[] | undefined;
}

export interface CollectRunDeps extends SourceDeps {
  readonly store: FindingStore;
}

/** More of a source are not stored, and it counts as partial. */
const MAX_A_SOURCE = 20_000;
/** A result is read by agents. */
const MAX_NOTES = 20;
const MAX_NOTE_CHARACTERS = 300;

/** Collecting as a run. What is found is stored in one transaction: a repeated attempt collects again and stores once. */
export function collectRunKind(deps: CollectRunDeps): RunKind<CollectRunInput> {
  return {
    kind: COLLECT_RUN_KIND,
    // It reads files and runs programs that other machines do not have.
    queue: 'local',
    input: collectRunInputSchema,
    title: ({ root }) => `Collect findings in ${root}`,
    execute: (input, context) => collectInto(deps, input, context),
  };
}

/** Collects and stores within a run, be it a collection or one that begins with one. Returns what each source came to. */
export async function collectInto(
  deps: CollectRunDeps,
  input: Collection,
  context: RunContext,
): Promise<Record<string, unknown>> {
  const root = await deps.graph.rootOf(input.root);
  const reports = await collect(deps, { ...input, root }, context);
  const generation = (await deps.graph.findView(root))?.summary.generation;
  const counts = await context.transaction('store findings', (transaction) =>
    deps.store.merge(transaction, {
      root,
      runId: context.runId,
      generation,
      findings: mergeFindings(reports.flatMap(({ found }) => found)),
      completeSources: reports.filter(({ state }) => state === 'complete').map(({ source }) => source),
    }),
  );
  return { ...(generation !== undefined && { generation }), sources: summariesOf(reports), ...counts };
}

async function collect(deps: CollectRunDeps, input: Collection, context: RunContext): Promise<SourceReport[]> {
  const { signal } = context;
  const files = (await deps.graph.findView(input.root))?.view.columns.files.map(({ path }) => path) ?? [];
  const wanted = FINDING_SOURCES.filter((source) => input.sources?.includes(source) ?? true);
  let at = 0;
  const progress = (message: string): void =>
    context.progress({ done: at, total: wanted.length, unit: 'sources', message });
  const sources = collectSources(deps, { ...input, files, signal, onProgress: progress });
  const reports: SourceReport[] = [];
  for (const source of wanted) {
    signal.throwIfAborted();
    progress(source);
    const report = bounded(await attempt(source, sources[source], signal));
    context.log(
      'info',
      `${source}: ${report.state}, ${report.found.length} found; ${report.notes.join('; ')}`.slice(0, 2_000),
    );
    reports.push(report);
    at += 1;
  }
  progress('storing');
  return reports;
}

/** One source that can't be asked takes nothing from the others; why it could not be is part of the result. */
async function attempt(
  source: FindingSource,
  work: () => Promise<SourceReport>,
  signal: AbortSignal,
): Promise<SourceReport> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal' || signal.aborted) throw error;
    return { source, state: 'not_run', notes: [`failed: ${error.message}`], found: [] };
  }
}

function bounded(report: SourceReport): SourceReport {
  const { found, notes } = report;
  if (found.length <= MAX_A_SOURCE) return report;
  const note = `only the first ${MAX_A_SOURCE} of ${found.length} are kept`;
  return { ...report, state: 'partial', notes: [...notes, note], found: found.slice(0, MAX_A_SOURCE) };
}

function summariesOf(reports: readonly SourceReport[]): Record<string, unknown> {
  return Object.fromEntries(
    reports.map(({ source, state, notes, found }) => {
      const shown = notes.slice(0, MAX_NOTES).map((note) => note.slice(0, MAX_NOTE_CHARACTERS));
      return [source, { state, found: found.length, notes: shown }];
    }),
  );
}
