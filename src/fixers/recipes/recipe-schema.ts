import { z } from 'zod';
import { FIX_GRADES } from '../fixer.ts';

/** The words of a recipe; those that ast-grep knows mean what they mean there. */

/** Endings of the files that a language is looked for in. */
export const RECIPE_LANGUAGES = {
  TypeScript: ['.ts', '.mts', '.cts'],
  Tsx: ['.tsx'],
  JavaScript: ['.js', '.jsx', '.mjs', '.cjs'],
  Html: ['.html', '.htm'],
  Css: ['.css'],
} as const satisfies Record<string, readonly string[]>;
export type RecipeLanguage = keyof typeof RECIPE_LANGUAGES;

const LANGUAGES = z.enum(['TypeScript', 'Tsx', 'JavaScript', 'Html', 'Css']);
/** As people write them. */
const SPELLINGS: Readonly<Record<string, RecipeLanguage>> = {
  typescript: 'TypeScript',
  ts: 'TypeScript',
  tsx: 'Tsx',
  javascript: 'JavaScript',
  js: 'JavaScript',
  jsx: 'JavaScript',
  html: 'Html',
  css: 'Css',
};

const text = z.string().min(1).max(2_000);

const patternSchema = z.union([
  text,
  z.strictObject({ context: text, selector: text.optional(), strictness: z.string().max(20).optional() }),
]);

/** Deeper ones are no rules that somebody writes. */
const MAX_DEPTH = 12;

const ruleSchema: z.ZodType<Readonly<Record<string, unknown>>> = z.lazy(() =>
  z
    .strictObject({
      pattern: patternSchema.optional(),
      kind: text.optional(),
      regex: text.optional(),
      nthChild: z.unknown().optional(),
      range: z.unknown().optional(),
      inside: relationSchema.optional(),
      has: relationSchema.optional(),
      precedes: relationSchema.optional(),
      follows: relationSchema.optional(),
      all: z.array(ruleSchema).max(50).optional(),
      any: z.array(ruleSchema).max(50).optional(),
      not: ruleSchema.optional(),
      matches: text.optional(),
    })
    .refine((rule) => Object.keys(rule).length > 0, 'is empty'),
);

const relationSchema: z.ZodType<Readonly<Record<string, unknown>>> = z.lazy(() =>
  z.looseObject({ stopBy: z.unknown().optional(), field: text.optional() }).transform((relation, context) => {
    const { stopBy } = relation;
    const rule = Object.entries(relation).filter(([key]) => key !== 'stopBy' && key !== 'field');
    const inner = ruleSchema.safeParse(Object.fromEntries(rule));
    for (const issue of inner.error?.issues ?? []) context.addIssue({ ...issue });
    const stop =
      stopBy === undefined || stopBy === 'neighbor' || stopBy === 'end' ? undefined : ruleSchema.safeParse(stopBy);
    for (const issue of stop?.error?.issues ?? []) context.addIssue({ ...issue, path: ['stopBy', ...issue.path] });
    return relation;
  }),
);

const rulesSchema = z.record(z.string().regex(/^\w+$/), ruleSchema);
const globs = z.array(text.max(200)).max(50);

export const recipeSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'is written in small letters, digits and hyphens, at most 60'),
  language: z.string().transform((word, context): RecipeLanguage => {
    const language = SPELLINGS[word.toLowerCase()];
    if (language !== undefined) return language;
    context.addIssue({
      code: 'custom',
      message: `is one of ${LANGUAGES.options.join(', ')}, not ${word.slice(0, 40)}`,
    });
    return z.NEVER;
  }),
  message: text,
  severity: z.enum(['error', 'warning', 'info', 'hint', 'off']).default('warning'),
  note: text.optional(),
  rule: ruleSchema,
  constraints: rulesSchema.optional(),
  utils: rulesSchema.optional(),
  /** What a match becomes; `$A` and `$$$ARGS` stand for what the rule has caught. */
  fix: z.string().max(10_000).optional(),
  files: globs.optional(),
  ignores: globs.optional(),
  grade: z.enum(FIX_GRADES).default('tests'),
});
export type Recipe = z.output<typeof recipeSchema>;

/** How deep a value goes, as far as that matters. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth > MAX_DEPTH * 2 || Object.values(value).some((each) => isTooDeep(each, depth + 1));
}
