import { z } from 'zod';
import { AppError } from '../errors.ts';
import { CONFIG_TREE, unwrap } from './config-keys.ts';
import type { ConfigGroup, ConfigKey } from './config-keys.ts';
import { MASK, maskValue } from './config-mask.ts';
import { nearestKey } from './nearest-key.ts';

/** One thing that is wrong with the configuration, as sentences. */
export interface ConfigProblem {
  readonly key: string;
  readonly origin: string;
  readonly text: string;
}

const MAX_PROBLEMS_SHOWN = 10;
const MAX_VALUE_LENGTH = 120;

/** All problems at once, so that a file is mended in one go. */
export function configError(problems: readonly ConfigProblem[]): AppError {
  const shown = problems.slice(0, MAX_PROBLEMS_SHOWN).map(({ text }) => text);
  const rest = problems.length - shown.length;
  if (rest > 0) shown.push(`${rest} more problems are not shown.`);
  return new AppError('invalid_input', shown.join('\n'), {
    details: { problems: problems.map(({ key, origin }) => ({ key, origin })) },
  });
}

export function badValue(key: ConfigKey, value: unknown, origin: string): ConfigProblem {
  const text = `Configuration key \`${key.path}\` can't be ${showValue(key, value)} (from ${origin}): it must be ${validText(key)}.`;
  return { key: key.path, origin, text };
}

export function badGroup(group: ConfigGroup, value: unknown, origin: string): ConfigProblem {
  const found = Array.isArray(value) ? 'a list' : `a ${value === null ? 'null' : typeof value}`;
  const name = group.path === '' ? 'The configuration' : `Configuration key \`${group.path}\``;
  const members = group.members.length === 0 ? 'no keys yet' : `the keys ${group.members.join(', ')}`;
  return {
    key: group.path,
    origin,
    text: `${name} can't be ${found} (from ${origin}): it is an object with ${members}.`,
  };
}

export function unknownKey(path: string, group: ConfigGroup, origin: string): ConfigProblem {
  const siblings = group.members.map((name) => (group.path === '' ? name : `${group.path}.${name}`));
  const nearest = nearestKey(path, siblings, [...CONFIG_TREE.keys.keys()]);
  const where = group.path === '' ? 'Valid keys' : `Valid keys of \`${group.path}\``;
  const valid =
    group.members.length === 0 ? `\`${group.path}\` has no keys yet.` : `${where}: ${group.members.join(', ')}.`;
  const hint = nearest === undefined ? valid : `Did you mean \`${nearest}\`?`;
  return { key: path, origin, text: `Unknown configuration key \`${path}\` (from ${origin}). ${hint}` };
}

/** A key without default, of a group that is there. */
export function missingKey(path: string): ConfigProblem {
  const key = CONFIG_TREE.keys.get(path);
  const valid = key === undefined ? '' : `: ${validText(key)}`;
  return { key: path, origin: 'not set', text: `Configuration key \`${path}\` is missing${valid}.` };
}

/** In words what the key accepts. */
export function validText(key: ConfigKey): string {
  if (key.facts.valid !== undefined) return key.facts.valid;
  const { schema } = unwrap(key.schema);
  if (schema instanceof z.ZodBoolean) return 'true or false';
  if (schema instanceof z.ZodEnum)
    return schema.options
      .map(String)
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1');
  if (schema instanceof z.ZodNumber) {
    const whole = schema.format === 'safeint' ? 'a whole number' : 'a number';
    return `${whole} from ${schema.minValue} to ${schema.maxValue}`;
  }
  return 'text that is not empty';
}

function showValue(key: ConfigKey, value: unknown): string {
  const masked = maskValue(key, value);
  if (masked === MASK) return MASK;
  const text = JSON.stringify(masked) ?? String(masked);
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}
