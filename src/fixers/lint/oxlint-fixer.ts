import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Fixer, FixTarget } from '../fixer.ts';
import { ruleIn } from './linter-message.ts';
import { parsed } from './linter-run.ts';
import { createRewritingFixer } from './rewriting-fixer.ts';

const rulesSchema = z.record(z.string(), z.unknown()).default({});
const configSchema = z.looseObject({
  rules: rulesSchema,
  overrides: z.array(z.looseObject({ rules: rulesSchema.nullable() })).default([]),
});

const CONFIG_NAME = '.lightdom-one-rule.json';

/** Fixes of the oxlint that is installed in the place. */
export function createOxlintFixer(): Fixer {
  return createRewritingFixer({
    name: 'oxlint',
    packageName: 'oxlint',
    checkArgs: (root, path) => ['-f', 'json', ...typeArgs(root), `./${path}`],
    async rewrite({ target, isSafe, ask }) {
      const { results } = await ask(['--print-config', `./${target.path}`]);
      const config = configSchema.safeParse(parsed(results[0]?.stdout)).data;
      if (config === undefined) return undefined;
      const how = isSafe ? '--fix' : '--fix-suggestions';
      return {
        args: ['-c', CONFIG_NAME, '--disable-nested-config', how, `./${target.path}`],
        files: { [CONFIG_NAME]: JSON.stringify(oneRule(config, target)) },
      };
    },
  });
}

/**
 * The configuration with all but one rule taken away, which keeps its options: on the command line it would lose them,
 * and could not be kept from the rules of `overrides`.
 */
function oneRule(config: z.output<typeof configSchema>, target: FixTarget): Record<string, unknown> {
  const names = namesOf(ruleIn(target));
  const only = (rules: Record<string, unknown> | null): Record<string, unknown> =>
    Object.fromEntries(Object.entries(rules ?? {}).filter(([name]) => names.includes(name)));
  // It prints as null what it does not read as null.
  const overrides = config.overrides.map((override) => ({ ...withoutNulls(override), rules: only(override.rules) }));
  const rules = { [names[0] ?? '']: 'error', ...only(config.rules) };
  return { ...config, categories: { correctness: 'off' }, rules, overrides };
}

/** `eslint(no-var)` is configured as `no-var`, `typescript(no-explicit-any)` as `typescript/no-explicit-any`. */
function namesOf(code: string): string[] {
  const [, plugin = '', name = code] = /^([^()]+)\((.+)\)$/.exec(code) ?? [];
  const prefix = plugin.replace(/^eslint-plugin-/, '').replace(/^(.+)-eslint$/, '$1');
  return prefix === 'eslint' || prefix === '' ? [name, `eslint/${name}`] : [`${prefix}/${name}`, `${plugin}/${name}`];
}

function withoutNulls(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== null));
}

function typeArgs(root: string): string[] {
  return existsSync(join(root, 'node_modules', 'oxlint-tsgolint')) ? ['--type-aware'] : [];
}
