import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { messageOf } from '../../core/errors.ts';
import { matchTaskSchema } from './match-messages.ts';
import type { MatchMessage } from './match-messages.ts';
import { brokenReason, matchesIn } from './match-text.ts';

/**
 * A process that matches recipes, and is killed when one takes too long: the matcher is native code, in which a thread
 * can't be ended, and whose recursion could take the whole process with it.
 */
const MAX_FILE_BYTES = 1024 * 1024;

process.once('disconnect', () => process.exit(0));
process.once('message', (message: unknown) => {
  run(matchTaskSchema.parse(message));
});

function run({ root, recipes, files, isPrecise }: ReturnType<typeof matchTaskSchema.parse>): void {
  const sound = new Set<number>();
  for (const [at, recipe] of recipes.entries()) {
    const reason = brokenReason(recipe);
    if (reason === undefined) sound.add(at);
    else tell({ kind: 'broken', recipe: at, reason });
  }
  for (const [file, { path, recipes: wanted, text = textOf(join(root, path)) }] of files.entries()) {
    if (text === undefined) continue;
    if (!isPrecise) tell({ kind: 'at', file });
    const onRecipe = (recipe: number): void => {
      if (isPrecise) tell({ kind: 'at', file, recipe });
    };
    const numbered = wanted.flatMap((at) => {
      const recipe = recipes[at];
      return recipe === undefined || !sound.has(at) ? [] : [{ at, recipe }];
    });
    tell({ kind: 'matched', file, ...matchesIn(text, numbered, onRecipe) });
  }
  tell({ kind: 'done' });
}

/** Larger files are no sources that somebody writes. */
function textOf(path: string): string | undefined {
  try {
    const stats = lstatSync(path);
    return stats.isFile() && stats.size <= MAX_FILE_BYTES ? readFileSync(path, 'utf8') : undefined;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return undefined;
  }
}

function tell(message: MatchMessage): void {
  process.send?.(message);
}
