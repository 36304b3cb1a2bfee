import process from 'node:process';
import type { WorkspaceModel } from '../type-source.ts';

/** Megabytes per thousand lines that the compiler takes when it collects garbage seldom: measured on 135 to 835 KLOC. */
const MB_A_KLOC = 6;
/** Four times the live heap before a collection: a quarter less CPU than Go's default, for twice the memory. */
const SELDOM = '400';
const USUAL = '100';
/** Never more of the memory that is free now. */
const MOST_OF_FREE = 0.6;

/**
 * How the native compiler, a Go program, is to use memory: collect seldom where there is plenty, and hold to a limit,
 * which is a soft one.
 */
export function nativeMemory({ files }: WorkspaceModel, memoryMb: number): Record<'GOGC' | 'GOMEMLIMIT', string> {
  const kloc = files.reduce((sum, file) => sum + (file.state === 'skipped' ? 0 : file.lines), 0) / 1000;
  const freeMb = (process.availableMemory() / 2 ** 20) * MOST_OF_FREE;
  const limitMb = Math.max(128, Math.floor(Math.min(memoryMb, freeMb)));
  return { GOGC: kloc * MB_A_KLOC <= limitMb ? SELDOM : USUAL, GOMEMLIMIT: `${limitMb}MiB` };
}
