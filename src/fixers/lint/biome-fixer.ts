import { z } from 'zod';
import type { Fixer } from '../fixer.ts';
import { ruleIn } from './linter-message.ts';
import { parsed } from './linter-run.ts';
import { createRewritingFixer } from './rewriting-fixer.ts';

const outputSchema = z.object({
  diagnostics: z.array(
    z.object({
      severity: z.string(),
      message: z.string(),
      category: z.string().nullish(),
      location: z.object({ start: z.object({ line: z.number() }).nullish() }).nullish(),
    }),
  ),
});

/** Fixes of the Biome that is installed in the place. */
export function createBiomeFixer(): Fixer {
  return createRewritingFixer({
    name: 'biome',
    packageName: '@biomejs/biome',
    checkArgs: (_root, path) => ['lint', '--reporter=json', '--max-diagnostics=none', '--colors=off', `./${path}`],
    parse: (output) =>
      outputSchema.safeParse(parsed(output)).data?.diagnostics.map(({ severity, message, category, location }) => ({
        rule: category?.replace(/^lint\//, '') ?? '',
        line: location?.start?.line,
        message,
        isError: severity === 'error' || severity === 'fatal',
        isFatal: category === 'parse',
      })),
    rewrite: async ({ target, isSafe }) => ({
      args: ['lint', `--only=${ruleIn(target)}`, '--write', ...(isSafe ? [] : ['--unsafe']), `./${target.path}`],
    }),
  });
}
