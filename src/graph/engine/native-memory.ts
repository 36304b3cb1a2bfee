import process from 'node:process';
import type { WorkspaceModel } from '../type-source.ts';

/** Megabytes per thousand lines that the compiler takes at most when it collects garbage seldom: measured on 135 to 835 KLOC. */
const MB_A_KLOC = 6;
/**
 * Twice the live heap before a collection: a fifth less CPU than Go's default on a large repository. Four times saves no
 * more, as the memory has to be had from the system, and takes 1.7 times as much of it.
 */
const SELDOM = '200';
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
