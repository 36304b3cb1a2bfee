import { createHash } from 'node:crypto';
import { Piscina } from 'piscina';
import { childEnvironment } from '../../core/config/index.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import { entryPath } from '../../core/process/index.ts';
import type { GraphFile } from '../graph-schema.ts';
import type { FileMetrics } from './file-metrics.ts';
import type { CloneClass } from './find-clones.ts';
import { LruMap } from './lru-map.ts';
import { isSidePath } from './side-path.ts';
import type { CloneOutcome, MetricOutcome, MetricTask } from './metric-task.ts';

export interface MeasuredFiles {
  readonly byPath: ReadonlyMap<string, FileMetrics>;
  /** What is missing and why; empty when nothing is. */
  readonly notes: readonly string[];
}

export interface FoundClones {
  readonly classes: readonly CloneClass[];
  readonly notes: readonly string[];
}

export interface MetricRequest {
  readonly root: string;
  readonly files: readonly GraphFile[];
}

/** A caller waits for at most 20 s. */
const LIMIT_MS = 18_000;
const BUDGET_MS = { measureFiles: 12_000, findCloneClasses: 13_000 } as const;
const IDLE_EXIT_MS = 30_000;
/** Deeply nested expressions make the parser recurse. */
const STACK_MB = 32;
const MEMORY_MB = 2048;
/** About 1 KB a file. */
const MAX_KEPT_FILES = 20_000;
const MAX_KEPT_CLONES = 4;

/** The thread on which files are read and parsed for reports; what it finds is kept by the hash of the content. */
export class MetricPool {
  readonly #maxFileBytes: number;
  readonly #pool: Piscina<MetricTask, MetricOutcome | CloneOutcome>;
  readonly #metrics = new LruMap<FileMetrics>(MAX_KEPT_FILES);
  readonly #clones = new LruMap<FoundClones>(MAX_KEPT_CLONES);

  constructor({ maxFileBytes }: { readonly maxFileBytes: number }) {
    this.#maxFileBytes = maxFileBytes;
    this.#pool = new Piscina({
      filename: entryPath(import.meta.url, './metric-worker.ts'),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_EXIT_MS,
      env: childEnvironment(),
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, stackSizeMb: STACK_MB },
    });
  }

  /**
   * What the texts of files say, those of tests last. Files that the time does not suffice for are told in the notes; the
   * next call goes on with them. Throws `timed_out` when one file takes it all.
   */
  async measure({ root, files }: MetricRequest): Promise<MeasuredFiles> {
    const readable = files.filter(({ state }) => state !== 'skipped');
    const wanted = readable.filter(({ hash }) => this.#metrics.get(hash) === undefined);
    const outcome: MetricOutcome | CloneOutcome | object =
      wanted.length === 0 ? {} : await this.#run('measureFiles', { root, files: wanted });
    // Kept is at most so much: what was just measured may be more.
    const fresh: MetricOutcome['measured'] = 'measured' in outcome ? outcome.measured : new Map();
    const byPath = new Map<string, FileMetrics>();
    for (const { path, hash } of readable) {
      const metrics = fresh.get(hash) ?? this.#metrics.get(hash);
      if (metrics !== undefined) byPath.set(path, metrics);
    }
    for (const [hash, metrics] of fresh) this.#metrics.set(hash, metrics);
    const again = '; ask again to go on with them';
    return {
      byPath,
      notes: notesOf(outcome, { name: 'measureFiles', skipped: files.length - readable.length, again }),
    };
  }

  /** Code that stands in several places; of a workspace too large for the time, in the files that were reached. */
  async findClones({ root, files }: MetricRequest): Promise<FoundClones> {
    const readable = files.filter(({ state, path }) => state !== 'skipped' && !path.endsWith('.d.ts'));
    const contents = readable.map(({ path, hash }) => `${path} ${hash}`);
    const key = createHash('sha256')
      .update([root, ...contents].join('\n'))
      .digest('hex');
    const kept = this.#clones.get(key);
    if (kept !== undefined) return kept;
    const outcome = await this.#run('findCloneClasses', { root, files: readable });
    if (!('classes' in outcome)) return { classes: [], notes: [] };
    const { classes, generated, left } = outcome;
    const ofPrograms = generated === 0 ? [] : [`${generated} generated files left out`];
    const notes = [
      ...ofPrograms,
      ...notesOf(outcome, { name: 'findCloneClasses', skipped: 0, again: ', those of tests first' }),
    ];
    const found = { classes, notes };
    if (left === 0) this.#clones.set(key, found);
    return found;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #run(name: keyof typeof BUDGET_MS, { root, files }: MetricRequest): Promise<MetricOutcome | CloneOutcome> {
    const deadline = Date.now() + BUDGET_MS[name];
    const signal = AbortSignal.timeout(LIMIT_MS);
    const task = { root, files: files.toSorted(testsLast), maxFileBytes: this.#maxFileBytes, deadline };
    try {
      return await this.#pool.run(task, { name, signal });
    } catch (error) {
      if (signal.aborted) {
        throw new AppError('timed_out', `The texts of ${root} took longer than ${LIMIT_MS / 1000} s.`, {
          hint: 'Ask again; keep generated files out of the index with .gitignore.',
          cause: error,
        });
      }
      throw new AppError('internal', `The texts of ${root} can't be measured: ${messageOf(error)}.`, { cause: error });
    }
  }
}

/** When there is no time for all, code comes before its tests. */
function testsLast(one: GraphFile, two: GraphFile): number {
  return Number(isSidePath(one.path)) - Number(isSidePath(two.path));
}

interface Missing {
  readonly name: keyof typeof BUDGET_MS;
  readonly skipped: number;
  /** What becomes of the files that were not reached. */
  readonly again: string;
}

function notesOf(
  { left = 0, unread = [] }: Partial<Pick<MetricOutcome, 'left' | 'unread'>>,
  { name, skipped, again }: Missing,
): string[] {
  return [
    ...(left === 0 ? [] : [`${left} files were not reached in ${BUDGET_MS[name] / 1000} s${again}`]),
    ...(unread.length === 0 ? [] : [`${unread.length} files were changed since the index or can't be read`]),
    ...(skipped === 0 ? [] : [`${skipped} files were skipped by the index`]),
  ];
}
