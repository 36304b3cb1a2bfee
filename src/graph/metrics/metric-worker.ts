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
  const reading = await readFiles(task, (path, text, hash) => {
    measured.set(hash, measureFile(path, text));
  });
  return { measured, ...reading };
}

/** Runs in a worker thread: finds what stands several times in the files that can be read in the time. */
export async function findCloneClasses(task: MetricTask): Promise<CloneOutcome> {
  const names = new TokenNames();
  const files: CorpusFile[] = [];
  let generated = 0;
  const reading = await readFiles(task, (path, text) => {
    if (isGenerated(path, text)) generated += 1;
    else files.push({ path, stream: tokenStreamOf(path, text, names) });
  });
  return { classes: findClones(files), generated, ...reading };
}

type Visit = (path: string, text: string, hash: string) => void;

async function readFiles(
  { root, files, maxFileBytes, deadline }: MetricTask,
  visit: Visit,
): Promise<Pick<MetricOutcome, 'unread' | 'left'>> {
  const unread: string[] = [];
  for (const [at, file] of files.entries()) {
    if (Date.now() > deadline) return { unread, left: files.length - at };
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
