import type { RecipeHit, RecipeScan } from '../../fixers/index.ts';
import type { Found, SourceReport } from '../finding-schema.ts';

/** What the workspace's own recipes find. Without any there is nothing to say, which is complete: former ones are mended. */
export async function recipeFindings(
  recipes: RecipeScan | undefined,
  { root, signal }: { readonly root: string; readonly signal: AbortSignal },
): Promise<SourceReport> {
  if (recipes === undefined) {
    return { source: 'recipe', state: 'not_run', notes: ['nothing here matches recipes'], found: [] };
  }
  const { hits, recipes: count, problems } = await recipes.scan(root, signal);
  return {
    source: 'recipe',
    state: problems.length === 0 ? 'complete' : 'partial',
    notes: [`${count} recipes in .lightdom/recipes`, ...problems],
    found: hits.map(foundOf),
  };
}

const SEVERITIES = { error: 'medium', warning: 'low', info: 'info', hint: 'info' } as const;

function foundOf(hit: RecipeHit): Found {
  return {
    source: 'recipe',
    rule: `recipe/${hit.recipeId}`,
    category: hit.severity === 'error' ? 'bug' : 'style',
    severity: SEVERITIES[hit.severity],
    path: hit.path,
    line: hit.line,
    message: hit.message,
    suggestion: hit.note,
    evidence: { text: hit.text, hasFix: hit.hasFix },
  };
}
