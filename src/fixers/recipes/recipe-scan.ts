import { opendir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createPathFilter } from '../../graph/index.ts';
import { matchRecipes } from './match-run.ts';
import type { MatchFile, MatchLimits } from './match-run.ts';
import { loadRecipes } from './recipe-files.ts';
import { RECIPE_LANGUAGES } from './recipe-schema.ts';
import type { Recipe } from './recipe-schema.ts';

/** One place that a recipe matches. */
export interface RecipeHit {
  readonly recipeId: string;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  readonly message: string;
  readonly note?: string | undefined;
  /** Relative, with forward slashes. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The text that matched, shortened. */
  readonly text: string;
  readonly hasFix: boolean;
}

export interface RecipeScanResult {
  readonly hits: readonly RecipeHit[];
  /** How many recipes were used. */
  readonly recipes: number;
  /** What is wrong with recipes, and what was not looked at. */
  readonly problems: readonly string[];
}

/** What matches the recipes of a workspace. */
export interface RecipeScan {
  scan(root: string, signal: AbortSignal): Promise<RecipeScanResult>;
}

const MAX_FILES = 20_000;
const MAX_HITS = 20_000;
const SKIPPED = /^(?:node_modules|\.git|\.hg|\.svn|dist|build|out|coverage)$/;

/**
 * Everything in a workspace that its own recipes match, with what is wrong with them. `scan` throws `cancelled` alone; folders
 * of installed packages and of what is built are not looked at.
 */
export function createRecipeScan(limits?: MatchLimits): RecipeScan {
  return {
    async scan(root: string, signal: AbortSignal): Promise<RecipeScanResult> {
      const { recipes, problems } = await loadRecipes(root);
      if (recipes.length === 0) return { hits: [], recipes: 0, problems };
      const { paths, isComplete } = await listPaths(root, signal);
      const files = paths.flatMap((path) => wantedIn(path, recipes));
      const result = await matchRecipes({ root, recipes, files, signal, limits });
      const hits = result.files.flatMap(({ path, matches }) =>
        matches.flatMap(({ recipe, line, text }) => hitOf(recipes[recipe], { path, line, text })),
      );
      return {
        hits: hits.slice(0, MAX_HITS),
        recipes: recipes.length,
        problems: [
          ...problems,
          ...result.problems,
          ...(isComplete ? [] : [`only the first ${MAX_FILES} files were looked at`]),
          ...(hits.length > MAX_HITS ? [`only the first ${MAX_HITS} of ${hits.length} places are told`] : []),
        ],
      };
    },
  };
}

/** Numbers of the recipes that are for a file. */
export function wantedIn(path: string, recipes: readonly Recipe[]): MatchFile[] {
  const wanted = recipes.flatMap((recipe, at) => (isFor(recipe, path) ? [at] : []));
  return wanted.length === 0 ? [] : [{ path, recipes: wanted }];
}

function isFor({ language, files, ignores = [] }: Recipe, path: string): boolean {
  if (!RECIPE_LANGUAGES[language].some((ending) => path.endsWith(ending))) return false;
  if (ignores.some((glob) => createPathFilter(glob)(path))) return false;
  return files === undefined || files.some((glob) => createPathFilter(glob)(path));
}

function hitOf(recipe: Recipe | undefined, place: Pick<RecipeHit, 'path' | 'line' | 'text'>): RecipeHit[] {
  if (recipe === undefined || recipe.severity === 'off') return [];
  const { id, severity, message, note, fix } = recipe;
  return [{ recipeId: id, severity, message, note, ...place, hasFix: fix !== undefined }];
}

async function listPaths(root: string, signal: AbortSignal) {
  const paths: string[] = [];
  const pending = [root];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    signal.throwIfAborted();
    for await (const entry of await opendir(folder)) {
      const absolute = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) pending.push(absolute);
      if (!entry.isFile()) continue;
      if (paths.length === MAX_FILES) return { paths: paths.toSorted(), isComplete: false };
      paths.push(relative(root, absolute).split(sep).join('/'));
    }
  }
  return { paths: paths.toSorted(), isComplete: true };
}
