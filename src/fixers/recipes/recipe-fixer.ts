import type { Fix, Fixer, FixPlace, FixTarget } from '../fixer.ts';
import { findPlaceText } from '../place-files.ts';
import { applyEdits } from '../text-edits.ts';
import type { TextEdit } from '../text-edits.ts';
import { matchRecipes } from './match-run.ts';
import type { FileMatches, MatchLimits } from './match-run.ts';
import { loadRecipes } from './recipe-files.ts';
import type { Recipe } from './recipe-schema.ts';
import { wantedIn } from './recipe-scan.ts';

/** A match within another is mended after it. */
const MAX_PASSES = 5;

/** Fixes as the recipe of the workspace writes them, in the file of the finding, until the recipe finds nothing there. */
export function createRecipeFixer(limits?: MatchLimits): Fixer {
  return {
    name: 'recipe',
    canFix: ({ source, rule }) => source === 'recipe' && rule.startsWith('recipe/'),
    fix: (target, place) => fix(target, place, limits),
    close: async () => {},
  };
}

async function fix(target: FixTarget, place: FixPlace, limits: MatchLimits | undefined): Promise<readonly Fix[]> {
  const id = target.rule.slice('recipe/'.length);
  const { path } = target;
  const { recipes } = await loadRecipes(place.root);
  const recipe = recipes.find((each) => each.id === id);
  const text = await findPlaceText(place.root, path);
  if (recipe?.fix === undefined || text === undefined || wantedIn(path, [recipe]).length === 0) return [];
  const match: Match = (changed) => matchOnce(place, { recipe, path, text: changed, limits });
  const before = await match(text);
  if (before === undefined || before.matches.length === 0) return [];
  const changed = await rewritten(text, before, match);
  if (changed === undefined) return [];
  const count = before.matches.length;
  return [
    {
      fixer: `recipe:${id}`,
      title: `Apply recipe ${id} in ${path}`,
      edits: [{ path, text: changed }],
      grade: recipe.grade,
      evidence: [`recipe ${id} matches ${count} ${count === 1 ? 'place' : 'places'} in ${path}, and none afterwards`],
    },
  ];
}

type Match = (text: string) => Promise<FileMatches | undefined>;

/** Undefined where the recipe still matches what it has made, or makes what can't be parsed. */
async function rewritten(text: string, first: FileMatches, match: Match): Promise<string | undefined> {
  let now = text;
  let found: FileMatches | undefined = first;
  for (let pass = 0; pass < MAX_PASSES && found !== undefined && found.matches.length > 0; pass += 1) {
    const next = applyEdits(now, outermost(found));
    if (next === now) return undefined;
    now = next;
    found = await match(now);
  }
  const isDone = found !== undefined && found.matches.length === 0 && found.errors <= first.errors;
  return isDone ? now : undefined;
}

function outermost({ matches }: FileMatches): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const { start, end, becomes } of matches.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (becomes !== undefined && start >= (edits.at(-1)?.end ?? 0)) edits.push({ start, end, text: becomes });
  }
  return edits;
}

async function matchOnce(
  { root, signal }: FixPlace,
  request: {
    readonly recipe: Recipe;
    readonly path: string;
    readonly text: string;
    readonly limits: MatchLimits | undefined;
  },
): Promise<FileMatches | undefined> {
  const { recipe, path, text, limits } = request;
  const files = [{ path, recipes: [0], text }];
  const { files: found, problems } = await matchRecipes({ root, recipes: [recipe], files, signal, limits });
  return problems.length === 0 ? found[0] : undefined;
}
