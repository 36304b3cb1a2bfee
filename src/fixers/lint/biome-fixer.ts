import type { Fixer } from '../fixer.ts';
import { ruleIn } from './linter-message.ts';
import { createRewritingFixer } from './rewriting-fixer.ts';

/** Fixes of the Biome that is installed in the place. */
export function createBiomeFixer(): Fixer {
  return createRewritingFixer({
    name: 'biome',
    packageName: '@biomejs/biome',
    checkArgs: (_root, path) => ['lint', '--reporter=json', '--max-diagnostics=none', '--colors=off', `./${path}`],
    rewrite: async ({ target, isSafe }) => ({
      args: ['lint', `--only=${ruleIn(target)}`, '--write', ...(isSafe ? [] : ['--unsafe']), `./${target.path}`],
    }),
  });
}
