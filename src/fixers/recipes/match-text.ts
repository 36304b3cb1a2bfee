import { parse } from '@ast-grep/napi';
import type { NapiConfig, SgNode } from '@ast-grep/napi';
import { z } from 'zod';
import { messageOf } from '../../core/errors.ts';
import type { MatchTask, RecipeMatch } from './match-messages.ts';

type TaskRecipe = MatchTask['recipes'][number];

const MAX_MATCHES = 1_000;
const MAX_TEXT = 200;

/** Why ast-grep does not take a recipe, on one line; undefined when it does. */
export function brokenReason(recipe: TaskRecipe): string | undefined {
  try {
    parse(recipe.language, '').root().findAll(configOf(recipe));
    return undefined;
  } catch (error) {
    return messageOf(error)
      .split('\n')
      .map((line) => line.replace(/^\s*(?:\|->)?\s*/, '').trim())
      .filter((line) => line !== '')
      .join(' ')
      .slice(0, 300);
  }
}

export interface TextMatches {
  readonly matches: RecipeMatch[];
  readonly errors: number;
}

/** Where recipes match a text, and what their fixes make of that. */
export function matchesIn(
  text: string,
  recipes: readonly { readonly at: number; readonly recipe: TaskRecipe }[],
  onRecipe: (at: number) => void,
): TextMatches {
  const roots = new Map<string, SgNode>();
  const matches: RecipeMatch[] = [];
  let errors = 0;
  for (const { at, recipe } of recipes) {
    onRecipe(at);
    let root = roots.get(recipe.language);
    if (root === undefined) {
      root = parse(recipe.language, text).root();
      roots.set(recipe.language, root);
      errors += root.findAll({ rule: { kind: 'ERROR' } }).length;
    }
    for (const node of root.findAll(configOf(recipe)).slice(0, MAX_MATCHES)) {
      matches.push({
        recipe: at,
        ...shapeOf(node),
        ...(recipe.fix !== undefined && { becomes: expand(recipe.fix, node, text) }),
      });
    }
  }
  return { matches, errors };
}

/** Its own word for a rule is checked by ast-grep itself, which refuses what is none. */
const configSchema = z.custom<NapiConfig>((value) => typeof value === 'object' && value !== null);

function configOf({ config }: TaskRecipe): NapiConfig {
  return configSchema.parse(config);
}

function shapeOf(node: SgNode) {
  const { start, end } = node.range();
  return { start: start.index, end: end.index, line: start.line + 1, text: node.text().slice(0, MAX_TEXT) };
}

/**
 * A fix with what the rule has caught. Lines of the fix behind the first are indented as the match is. What was not caught
 * is empty, as ast-grep has it.
 */
function expand(fix: string, node: SgNode, text: string): string {
  const { start } = node.range();
  const line = text.slice(text.lastIndexOf('\n', start.index - 1) + 1, start.index);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  return fix
    .replace(/\n$/, '')
    .replaceAll('\n', `\n${indent}`)
    .replaceAll(/\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)/g, (_, many?: string, one?: string) =>
      many === undefined ? (node.getMatch(one ?? '')?.text() ?? '') : textBetween(node.getMultipleMatches(many), text),
    );
}

/** As it stands there, with what is between the first and the last. */
function textBetween(nodes: readonly SgNode[], text: string): string {
  const [first] = nodes;
  const last = nodes.at(-1);
  return first === undefined || last === undefined ? '' : text.slice(first.range().start.index, last.range().end.index);
}
