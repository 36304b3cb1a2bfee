import { AppError } from '../../core/errors.ts';

export interface ArgumentLimits {
  /** Objects and lists within one another. */
  readonly maxDepth: number;
  /** Values in all. */
  readonly maxElements: number;
  /** Items of one list, or members of one object. */
  readonly maxItems: number;
  /** Of one text, in characters; schemas set far tighter ones. */
  readonly maxTextLength: number;
}

const ARGUMENT_LIMITS: ArgumentLimits = {
  maxDepth: 16,
  maxElements: 20_000,
  maxItems: 5_000,
  maxTextLength: 1_000_000,
};

/**
 * Throws `invalid_input` for arguments whose mere size is work, before anything looks at what they mean. Goes level by
 * level and not by recursion: that is what depth attacks.
 */
export function checkArguments(subject: string, input: unknown, limits: ArgumentLimits = ARGUMENT_LIMITS): void {
  const { maxDepth, maxElements, maxItems, maxTextLength } = limits;
  let level: readonly unknown[] = [input];
  let elements = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw tooLarge(subject, `nest more than ${maxDepth} levels`);
    const next: unknown[] = [];
    for (const value of level) {
      const inner = partsOf(value);
      if (inner.length > maxItems) throw tooLarge(subject, `hold a list or object of more than ${maxItems} items`);
      if (typeof value === 'string' && value.length > maxTextLength) {
        throw tooLarge(subject, `hold a text of more than ${maxTextLength} characters`);
      }
      elements += 1 + inner.length;
      if (elements > maxElements) throw tooLarge(subject, `hold more than ${maxElements} values`);
      for (const part of inner) if (isWorthALook(part)) next.push(part);
    }
    level = next;
  }
}

/** Whether objects and lists nest deeper than this. What does would exhaust the stack of whoever writes it out again. */
export function isDeeperThan(value: unknown, maxDepth: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= maxDepth; depth += 1)
    level = level.flatMap((each) => partsOf(each)).filter(isWorthALook);
  return level.some((each) => typeof each === 'object');
}

function partsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function isWorthALook(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

function tooLarge(subject: string, how: string): AppError {
  return new AppError('invalid_input', `The arguments of ${subject} ${how}.`, {
    hint: 'Put the bulk into a file of the workspace and name that.',
    details: { deniedBy: 'argument limits' },
  });
}
