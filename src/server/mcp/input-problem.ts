import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { AppError } from '../../core/errors.ts';

/** More than this many complaints at once help nobody. */
const MAX_PROBLEMS = 5;
const MAX_VALUE_LENGTH = 80;
const MAX_CHOICES = 40;

/** What the input is for, and the fields it may have. */
export interface InputSubject {
  readonly name: string;
  readonly schema: z.ZodObject;
}

/** Input that does not fit, as one readable error: field, value, what would be valid. */
function inputError(subject: InputSubject, error: z.ZodError): AppError {
  const fields = Object.keys(subject.schema.shape);
  const problems = error.issues.slice(0, MAX_PROBLEMS).map((issue) => describeIssue(issue, fields));
  const more = error.issues.length - problems.length;
  const tail = more > 0 ? ` (${more} more)` : '';
  const valid = fields.length === 0 ? 'It takes no fields.' : `Fields: ${fields.join(', ')}.`;
  return new AppError('invalid_input', `Invalid input for ${subject.name}: ${problems.join('; ')}${tail}.`, {
    hint: valid,
    details: { fields },
    cause: error,
  });
}

/** Throws `invalid_input` where the input does not fit. Unknown keys are only noticed by a strict schema. */
export function checkInput(subject: InputSubject, input: unknown): void {
  const parsed = subject.schema.safeParse(input, { reportInput: true });
  if (!parsed.success) throw inputError(subject, parsed.error);
}

/** `not_found` for a name that is none of `names`. */
export function unknownName(kind: string, name: string, names: readonly string[]): AppError {
  return new AppError('not_found', `There is no ${kind} named "${shorten(name)}"${didYouMean(name, names)}.`, {
    hint: `Valid: ${names.join(', ')}.`,
  });
}

/** ` (did you mean "x"?)`, or nothing when no candidate is spelt alike. */
export function didYouMean(given: unknown, candidates: readonly string[]): string {
  const nearest = typeof given === 'string' ? nearestSpelling(given, candidates) : undefined;
  return nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
}

function nearestSpelling(given: string, candidates: readonly string[]): string | undefined {
  const [nearest] = candidates
    .map((name) => ({ name, edits: distance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.max(1, Math.floor(name.length / 3)))
    .toSorted((one, other) => one.edits - other.edits);
  return nearest?.name;
}

function describeIssue(issue: z.core.$ZodIssue, fields: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') return describeUnknownKeys(issue.keys, issue.path.length === 0 ? fields : []);
  const field = issue.path.length === 0 ? 'the input' : `"${pathText(issue.path)}"`;
  if (issue.input === undefined) return `${field} is missing (${requirement(issue)})`;
  const alike = issue.code === 'invalid_value' ? didYouMean(issue.input, issue.values.map(String)) : '';
  return `${field} is ${preview(issue.input)}, but must be ${requirement(issue)}${alike}`;
}

function describeUnknownKeys(keys: readonly string[], fields: readonly string[]): string {
  return keys.map((key) => `"${shorten(key)}" is not a field${didYouMean(key, fields)}`).join('; ');
}

function requirement(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeText(issue.expected);
    case 'invalid_value':
      return choices(issue.values.map((value) => JSON.stringify(value)));
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${amount(issue.maximum, issue.origin)}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return formatText(issue);
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message;
    default:
      return issue satisfies never;
  }
}

function formatText({ format, pattern }: z.core.$ZodIssueInvalidStringFormat): string {
  return format === 'regex' && pattern !== undefined ? `text that matches ${pattern}` : `a valid ${format}`;
}

function typeText(expected: string): string {
  if (expected === 'int') return 'an integer';
  return expected === 'object' || expected === 'array' ? `an ${expected}` : `a ${expected}`;
}

function amount(bound: number | bigint, origin: string): string {
  const unit = { string: 'character', array: 'item', set: 'item' }[origin];
  if (unit === undefined) return String(bound);
  return `${bound} ${unit}${Number(bound) === 1 ? '' : 's'} long`;
}

function choices(values: readonly string[]): string {
  if (values.length === 1) return values.join('');
  const shown = values.slice(0, MAX_CHOICES).join(', ');
  return `one of ${shown}${values.length > MAX_CHOICES ? ', …' : ''}`;
}

/** `items[0].name` */
function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

function preview(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  return shorten(JSON.stringify(value) ?? String(value));
}

function shorten(text: string): string {
  return text.length <= MAX_VALUE_LENGTH ? text : `${text.slice(0, MAX_VALUE_LENGTH)}…`;
}
