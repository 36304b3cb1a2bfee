import { compilerText, isAsIndexed, readWorkspaceFile } from '../workspace-text.ts';
import { measureFile } from './file-metrics.ts';
import type { FileMetrics } from './file-metrics.ts';
import { findClones } from './find-clones.ts';
import { isGenerated } from './generated-file.ts';
import type { CloneOutcome, MetricOutcome, MetricTask } from './metric-task.ts';
import type { CorpusFile } from './token-corpus.ts';
import { TokenNames, tokenStreamOf } from './token-stream.ts';

/** Runs in a worker thread: reads and parses files, as far as the time goes. */
export async function measureFiles(task: MetricTask): Promise<MetricOutcome> {
  const measured = new Map<string, FileMetrics>();
  const reading = await readFiles(task, {
    visit: (path, text, hash) => measured.set(hash, measureFile(path, text)),
    restMs: () => 0,
  });
  return { measured, ...reading };
}

/** Runs in a worker thread: finds what stands several times in the files that can be read in the time. */
export async function findCloneClasses(task: MetricTask): Promise<CloneOutcome> {
  const names = new TokenNames();
  const files: CorpusFile[] = [];
  let generated = 0;
  let tokens = 0;
  const visit = (path: string, text: string): void => {
    if (isGenerated(path, text)) {
      generated += 1;
      return;
    }
    const stream = tokenStreamOf(path, text, names);
    tokens += stream.shape.length;
    files.push({ path, stream });
  };
  const reading = await readFiles(task, { visit, restMs: () => tokens * SEARCH_MS });
  return { classes: findClones(files), generated, ...reading };
}

/** What the search for clones takes for each token: measured 0.0009, on a machine that does nothing else. */
const SEARCH_MS = 0.0015;

interface Reading {
  readonly visit: (path: string, text: string, hash: string) => void;
  /** Time that has to be left when the reading ends. */
  readonly restMs: () => number;
}

async function readFiles(
  { root, files, maxFileBytes, deadline }: MetricTask,
  { visit, restMs }: Reading,
): Promise<Pick<MetricOutcome, 'unread' | 'left'>> {
  const unread: string[] = [];
  for (const [at, file] of files.entries()) {
    if (Date.now() + restMs() > deadline) return { unread, left: files.length - at };
    const content = await readWorkspaceFile(root, file.path, maxFileBytes);
    const isVisited =
      content !== undefined &&
      isAsIndexed(content, file) &&
      attempt(() => visit(file.path, compilerText(content), file.hash));
    if (!isVisited) unread.push(file.path);
  }
  return { unread, left: 0 };
}

/** Generated expressions can nest deeper than the stack. */
function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
