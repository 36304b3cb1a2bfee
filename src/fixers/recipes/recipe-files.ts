import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import { messageOf } from '../../core/errors.ts';
import { isTooDeep, recipeSchema } from './recipe-schema.ts';
import type { Recipe } from './recipe-schema.ts';

/** Where recipes lie in a workspace. */
export const RECIPE_FOLDER = '.lightdom/recipes';
const MAX_FILES = 100;
const MAX_RECIPES = 200;
const MAX_FILE_BYTES = 64 * 1024;
const MAX_PROBLEMS = 20;

export interface RecipeFiles {
  readonly recipes: readonly Recipe[];
  /** What is wrong, each with its file, its key and the reason. */
  readonly problems: readonly string[];
}

/** The recipes of a workspace, a file for one or several documents. What is wrong with one takes none of the others. */
export async function loadRecipes(root: string): Promise<RecipeFiles> {
  const folder = join(root, RECIPE_FOLDER);
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => /\.ya?ml$/.test(name)).toSorted();
  const recipes = new Map<string, Recipe>();
  const problems: string[] =
    names.length > MAX_FILES ? [`only the first ${MAX_FILES} files of ${names.length} are read`] : [];
  for (const name of names.slice(0, MAX_FILES)) {
    const read = await readRecipes(join(folder, name));
    problems.push(...read.problems.map((problem) => `${RECIPE_FOLDER}/${name}: ${problem}`));
    for (const recipe of read.recipes) {
      if (recipes.has(recipe.id)) problems.push(`${RECIPE_FOLDER}/${name}: id: ${recipe.id} is there already`);
      else if (recipes.size === MAX_RECIPES)
        problems.push(`${RECIPE_FOLDER}/${name}: more than ${MAX_RECIPES} recipes`);
      else recipes.set(recipe.id, recipe);
    }
  }
  const active = [...recipes.values()].filter(({ severity }) => severity !== 'off');
  return { recipes: active, problems: problems.slice(0, MAX_PROBLEMS) };
}

async function readRecipes(path: string): Promise<RecipeFiles> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) return { recipes: [], problems: ['is no ordinary file'] };
    if (stats.size > MAX_FILE_BYTES) return { recipes: [], problems: [`is larger than ${MAX_FILE_BYTES} bytes`] };
    return parseRecipes(await readFile(path, 'utf8'));
  } catch (error) {
    return { recipes: [], problems: [messageOf(error)] };
  }
}

/** Documents of YAML, each a recipe. */
export function parseRecipes(text: string): RecipeFiles {
  const recipes: Recipe[] = [];
  const problems: string[] = [];
  for (const document of parseAllDocuments(text)) {
    const [error] = document.errors;
    if (error !== undefined) {
      problems.push(firstLine(error.message));
      continue;
    }
    const value = valueOf(document);
    if (typeof value === 'string') problems.push(value);
    else if (value !== undefined) read(value.value, recipes, problems);
  }
  return { recipes, problems };
}

/** In words what is wrong; undefined for a document that is empty. Aliases that multiply are refused by the parser. */
function valueOf(document: { toJS(): unknown }): string | { readonly value: unknown } | undefined {
  try {
    const value: unknown = document.toJS();
    return value === null ? undefined : { value };
  } catch (error) {
    return firstLine(messageOf(error));
  }
}

function read(value: unknown, recipes: Recipe[], problems: string[]): void {
  if (isTooDeep(value)) {
    problems.push('rule: goes too deep');
    return;
  }
  const { data, error } = recipeSchema.safeParse(value);
  if (data !== undefined) recipes.push(data);
  else problems.push(...(error?.issues ?? []).map(issueText));
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? 'the recipe' : path.join('.')}: ${message}`;
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}
