import type { z } from 'zod';
import { AppError } from '../../core/errors.ts';

type Path = readonly PropertyKey[];

/** One thing that is wrong with a manifest. */
export interface ManifestProblem {
  readonly path: Path;
  /** The value as it stands there; undefined when it is missing. */
  readonly value: unknown;
  /** In words what may stand there, or what is wrong. */
  readonly valid: string;
}

const MAX_SHOWN = 10;
const MAX_VALUE_LENGTH = 120;
/** A value there may be a secret that somebody wrote down. */
const PRIVATE_GROUP = 'env';

/** All problems at once, so that a file is mended in one go. `lineOf` knows the line of a path. */
export function manifestError(
  file: string,
  problems: readonly ManifestProblem[],
  lineOf: (path: Path) => number | undefined,
): AppError {
  const placed = problems.map((problem) => ({ problem, line: lineOf(problem.path) }));
  const inOrder = placed.toSorted((one, two) => (one.line ?? 0) - (two.line ?? 0));
  const texts = inOrder.slice(0, MAX_SHOWN).map(({ problem, line }) => {
    return `${file}${line === undefined ? '' : `:${line}`}: ${sentenceOf(problem)}`;
  });
  if (problems.length > MAX_SHOWN) texts.push(`${problems.length - MAX_SHOWN} more problems are not shown.`);
  return new AppError('invalid_input', texts.join('\n'), {
    hint: 'Mend the manifest and start again.',
    details: { file, problems: inOrder.map(({ problem, line }) => ({ key: keyOf(problem.path), line })) },
  });
}

/** What zod found, in the words of a manifest. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], root: unknown): ManifestProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: issue.path, value: valueAt(root, issue.path), valid: validText(issue) }];
    }
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { path, value: valueAt(root, path), valid: 'no such key here' };
    });
  });
}

export function keyOf(path: Path): string {
  return path.length === 0 ? 'the manifest' : path.map(String).join('.');
}

function sentenceOf({ path, value, valid }: ManifestProblem): string {
  if (valid === 'no such key here') return `\`${keyOf(path)}\` is not a key of a manifest.`;
  if (value === undefined) return `\`${keyOf(path)}\` is missing: ${valid}.`;
  return `\`${keyOf(path)}\` can't be ${shown(path, value)}: ${valid}.`;
}

function shown(path: Path, value: unknown): string {
  if (path.includes(PRIVATE_GROUP)) return 'this';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}

function validText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `it must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `it must be ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `it must be at least ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case 'too_big':
      return `it must be at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
    case 'invalid_key':
      return `its name must be ${issue.issues[0]?.message ?? 'another one'}`;
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return `it must be ${issue.message}`;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a group of keys',
  record: 'a group of keys',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' items long' : '';
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
