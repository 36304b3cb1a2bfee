import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import type { FixTarget } from '../fixer.ts';
import type { JudgedFix } from './fix-candidate.ts';

/** What the fixer and its thread say to each other. Apart from both, so that the fixer does not load the compiler. */

export interface FixTask {
  readonly root: string;
  readonly target: FixTarget;
  /** What is not checked after so long is only a suggestion. */
  readonly budgetMs: number;
  /** Whether earlier texts can be asked for. */
  readonly hasHistory: boolean;
  /** Earlier texts are asked for here, and come here. */
  readonly port: MessagePort;
}

export interface FixOutcome {
  readonly fixes: readonly JudgedFix[];
}

/** Asked by the thread: the earlier texts of a file, by relative path. */
export const priorQuestionSchema = z.object({ id: z.number().int(), path: z.string() });
export const priorAnswerSchema = z.object({ id: z.number().int(), texts: z.array(z.string()) });

/**
 * Whether it is a promise that nobody waits for. The compiler sees nothing wrong with most: of the `await`s that were taken
 * away in measurements, five of six were found by rules of linters that know types, and by nothing else.
 */
export function isFloating({ source, rule }: Pick<FixTarget, 'source' | 'rule'>): boolean {
  return (source === 'eslint' || source === 'oxlint') && /\bno-floating-promises\)?$/.test(rule);
}
