/** Other programs: the only place that starts them. Arguments are lists, there is no shell, output and time are bounded. */
export { entryPath } from './entry-path.ts';
export { hasProgram } from './find-program.ts';
export { forkNode } from './fork-node.ts';
export type { ForkedNode, ForkOptions } from './fork-node.ts';
export { GroupMeter } from './group-usage.ts';
export type { GroupUsage } from './group-usage.ts';
export type { Confinement, IsolatedRequest, IsolatedResult, RunIsolated } from './isolated-run.ts';
export { findInstalledProgram, programOfPackage } from './installed-program.ts';
export type { InstalledProgram } from './installed-program.ts';
export { findPortHolder, isPortTaken } from './port-holder.ts';
export { adoptGroup, describeStartFailure, endAbandoned, startGroup } from './process-group.ts';
export type { EndOptions, GroupExit, GroupOptions, OutputStream, ProcessGroup } from './process-group.ts';
export { foreignGroupOf, listProcessIds, variableOf } from './process-table.ts';
export { optimizeLate } from './optimize-late.ts';
export { runProcess } from './run-process.ts';
export type { ProcessResult, RunProcessOptions } from './run-process.ts';
export { isProcessAlive, signalProcess, spawnDetached } from './spawn-detached.ts';
export type { DetachedProcess } from './spawn-detached.ts';
