/** Other programs: the only place that starts them. Arguments are lists, there is no shell, output and time are bounded. */
export { entryPath } from './entry-path.ts';
export { forkNode } from './fork-node.ts';
export type { ForkedNode, ForkOptions } from './fork-node.ts';
export { optimizeLate } from './optimize-late.ts';
export { runProcess } from './run-process.ts';
export type { ProcessResult, RunProcessOptions } from './run-process.ts';
export { isProcessAlive, signalProcess, spawnDetached } from './spawn-detached.ts';
export type { DetachedProcess } from './spawn-detached.ts';
