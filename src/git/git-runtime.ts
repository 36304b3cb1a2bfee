/** What executes of git: for the files directly in `src/` alone. */
export { GitService } from './git-service.ts';
export { GitStateReader } from './git-state-reader.ts';
export { GitTransfer } from './git-transfer.ts';
export { GitWriter } from './git-writer.ts';
export { summarizeDiff } from './diff-summary.ts';
