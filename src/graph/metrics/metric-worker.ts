import { compilerText, isAsIndexed, readWorkspaceFile } from '../workspace-text.ts';
import { measureFile } from './file-metrics.ts';
import type { FileMetrics } from './file-metrics.ts';
import type { MetricOutcome, MetricTask } from './metric-task.ts';

/** Runs in a worker thread: reads and parses files, as far as the time goes. */
export async function measureFiles({ root, files, maxFileBytes, deadline }: MetricTask): Promise<MetricOutcome> {
  const measured = new Map<string, FileMetrics>();
  const unread: string[] = [];
  for (const [at, file] of files.entries()) {
    if (Date.now() > deadline) return { measured, unread, left: files.length - at };
    const content = await readWorkspaceFile(root, file.path, maxFileBytes);
    const metrics =
      content !== undefined && isAsIndexed(content, file) ? attempt(file.path, compilerText(content)) : undefined;
    if (metrics === undefined) unread.push(file.path);
    else measured.set(file.hash, metrics);
  }
  return { measured, unread, left: 0 };
}

/** Generated expressions can nest deeper than the stack. */
function attempt(path: string, text: string): FileMetrics | undefined {
  try {
    return measureFile(path, text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
