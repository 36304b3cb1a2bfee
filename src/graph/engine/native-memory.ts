import process from 'node:process';
import type { WorkspaceModel } from '../type-source.ts';

/** Megabytes per thousand lines that the compiler takes at most when it collects garbage seldom: measured on 135 to 835 KLOC. */
const MB_A_KLOC = 6;
/** The same when it collects none, with libraries of the usual size: measured as 4 on 108 KLOC; the limit is well above. */
const MB_A_KLOC_KEPT = 20;
/**
 * Twice the live heap before a collection: a fifth less CPU than Go's default on a large repository. Four times saves no
 * more, as the memory has to be had from the system, and takes 1.7 times as much of it.
 */
const SELDOM = '200';
const USUAL = '100';
/** At the limit alone. On 108 KLOC all CPU of an index is 2 to 9 % less than with SELDOM, for 470 MB in place of 360. */
const NEVER = 'off';
/** Never more of the memory that is free now. */
const MOST_OF_FREE = 0.6;

/**
 * How the native compiler, a Go program, is to use memory: collect seldom where there is plenty, or not at all where it
 * ends with one pass anyway, and hold to a limit, which is a soft one.
 */
export function nativeMemory(
  { files }: WorkspaceModel,
  { memoryMb, isOnePass = false }: { readonly memoryMb: number; readonly isOnePass?: boolean | undefined },
): Record<'GOGC' | 'GOMEMLIMIT', string> {
  const kloc = files.reduce((sum, file) => sum + (file.state === 'skipped' ? 0 : file.lines), 0) / 1000;
  const freeMb = (process.availableMemory() / 2 ** 20) * MOST_OF_FREE;
  const limitMb = Math.max(128, Math.floor(Math.min(memoryMb, freeMb)));
  const isAllKept = isOnePass && kloc * MB_A_KLOC_KEPT <= limitMb;
  const GOGC = isAllKept ? NEVER : kloc * MB_A_KLOC <= limitMb ? SELDOM : USUAL;
  return { GOGC, GOMEMLIMIT: `${limitMb}MiB` };
}
