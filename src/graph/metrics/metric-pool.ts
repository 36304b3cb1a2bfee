import { Piscina } from 'piscina';
import { childEnvironment } from '../../core/config/index.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import { entryPath } from '../../core/process/index.ts';
import type { GraphFile } from '../graph-schema.ts';
import { isTestPath } from '../test-path.ts';
import type { FileMetrics } from './file-metrics.ts';
import type { MetricOutcome, MetricTask } from './metric-task.ts';

export interface MeasuredFiles {
  readonly byPath: ReadonlyMap<string, FileMetrics>;
  /** What is missing and why; empty when nothing is. */
  readonly notes: readonly string[];
}

export interface MetricRequest {
  readonly root: string;
  readonly files: readonly GraphFile[];
}

/** A caller waits for at most 20 s; what comes after the reading takes its part. */
const BUDGET_MS = 12_000;
/** A single file that keeps the parser busy for longer than this costs the answer. */
const GRACE_MS = 5_000;
const IDLE_EXIT_MS = 30_000;
/** Deeply nested expressions make the parser recurse. */
const STACK_MB = 32;
const MEMORY_MB = 1024;
/** About 1 KB a file. */
const MAX_KEPT_FILES = 20_000;

/** The thread on which files are read and parsed for reports; what it finds is kept by the hash of the content. */
export class MetricPool {
  readonly #maxFileBytes: number;
  readonly #pool: Piscina<MetricTask, MetricOutcome>;
  /** The least recently used first. */
  readonly #kept = new Map<string, FileMetrics>();

  constructor({ maxFileBytes }: { readonly maxFileBytes: number }) {
    this.#maxFileBytes = maxFileBytes;
    this.#pool = new Piscina({
      filename: entryPath(import.meta.url, './metric-worker.ts'),
      name: 'measureFiles',
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
    const wanted = readable.filter(({ hash }) => !this.#kept.has(hash)).toSorted(testsLast);
    const outcome = wanted.length === 0 ? undefined : await this.#run(root, wanted);
    for (const [hash, metrics] of outcome?.measured ?? []) this.#kept.set(hash, metrics);
    const byPath = new Map<string, FileMetrics>();
    for (const { path, hash } of readable) {
      const metrics = this.#kept.get(hash);
      if (metrics === undefined) continue;
      byPath.set(path, metrics);
      this.#kept.delete(hash);
      this.#kept.set(hash, metrics);
    }
    this.#forget();
    return { byPath, notes: notesOf(outcome, files.length - readable.length) };
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #run(root: string, files: readonly GraphFile[]): Promise<MetricOutcome> {
    const deadline = Date.now() + BUDGET_MS;
    const signal = AbortSignal.timeout(BUDGET_MS + GRACE_MS);
    try {
      return await this.#pool.run({ root, files, maxFileBytes: this.#maxFileBytes, deadline }, { signal });
    } catch (error) {
      if (!signal.aborted)
        throw new AppError('internal', `The files of ${root} could not be measured: ${messageOf(error)}.`, {
          cause: error,
        });
      throw new AppError('timed_out', `A file of ${root} kept the parser busy for ${GRACE_MS / 1000} s.`, {
        hint: 'Ask again; exclude generated files from the index with .gitignore.',
        cause: error,
      });
    }
  }

  #forget(): void {
    for (const hash of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT_FILES) return;
      this.#kept.delete(hash);
    }
  }
}

/** When there is no time for all, code comes before its tests. */
function testsLast(one: GraphFile, two: GraphFile): number {
  return Number(isTestPath(one.path)) - Number(isTestPath(two.path));
}

function notesOf(outcome: MetricOutcome | undefined, skipped: number): string[] {
  const { left = 0, unread = [] } = outcome ?? {};
  return [
    ...(left === 0 ? [] : [`${left} files were not reached in ${BUDGET_MS / 1000} s; ask again to go on with them`]),
    ...(unread.length === 0 ? [] : [`${unread.length} files were changed since the index or can't be read`]),
    ...(skipped === 0 ? [] : [`${skipped} files were skipped by the index`]),
  ];
}
