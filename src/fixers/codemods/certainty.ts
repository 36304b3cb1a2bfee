import type { FixGrade, FixTarget } from '../fixer.ts';

/** What the graph itself is not certain of is only suggested; the rest needs tests, since a proof reads code alone. */
export function gradeOf({ evidence }: FixTarget): FixGrade {
  return evidence?.['isCertain'] === true ? 'tests' : 'suggestion';
}

/** The own name of a symbol: `run` of `Runner.run`. */
export function ownName({ symbol }: FixTarget): string | undefined {
  const name = symbol?.split('.').at(-1);
  return name !== undefined && /^#?[A-Za-z_$][\w$]*$/.test(name) ? name : undefined;
}
