import { diffLines, linesOf } from '../guard/line-diff.ts';
import { protectionOf } from '../guard/protected-path.ts';
import { isBroken, isSourcePath, parseSource, placesOf } from '../guard/source-syntax.ts';
import type { ParsedSource, SyntaxPlace } from '../guard/source-syntax.ts';
import { mutationsAt } from './mutations.ts';
import { seededOrder } from './seeded-draw.ts';

/** A text before and with the change. */
export interface ChangedSource {
  readonly path: string;
  readonly base: string | undefined;
  readonly text: string;
}

/** The text of one changed file with one small fault in it. */
export interface Mutant {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  /** `src/a.ts:3: === → !==`. */
  readonly what: string;
}

export interface MutantRequest {
  readonly files: readonly ChangedSource[];
  readonly seed: number;
  readonly max: number;
}

interface Candidate {
  readonly mutant: Mutant;
  /** On a line that was changed, not only in a function that was. */
  readonly isNear: boolean;
}

/**
 * Operator mutants (R. DeMillo, R. Lipton, F. Sayward, "Hints on Test Data Selection", 1978) of what was changed: those on
 * changed lines first, then those of the functions around them, drawn by the seed. None for types and comments.
 */
export function mutantsOf({ files, seed, max }: MutantRequest): readonly Mutant[] {
  const candidates = files.flatMap(candidatesOf);
  const near = candidates.filter(({ isNear }) => isNear);
  const far = candidates.filter(({ isNear }) => !isNear);
  return [...seededOrder(near, seed), ...seededOrder(far, seed)].slice(0, max).map(({ mutant }) => mutant);
}

function candidatesOf({ path, base, text }: ChangedSource): Candidate[] {
  if (!isSourcePath(path) || /\.d\.[cm]?ts$/.test(path) || protectionOf(path) !== undefined) return [];
  const source = parseSource(path, text);
  if (isBroken(source)) return [];
  const lines = touchedLines(base ?? '', text);
  const places = [...placesOf(source.root)];
  const ranges = changedRanges(places, source, lines);
  return places.flatMap((place) =>
    mutationsAt(place, source).flatMap(({ start, end, replacement, what }): Candidate[] => {
      const line = source.lineOf(start);
      const isNear = lines.has(line);
      if (!isNear && !ranges.some((range) => range.start <= start && end <= range.end)) return [];
      const changed = text.slice(0, start) + replacement + text.slice(end);
      return [{ mutant: { path, line, text: changed, what: `${path}:${line}: ${what}` }, isNear }];
    }),
  );
}

/** Lines that are new, and where some were only taken out, those before and behind. */
function touchedLines(base: string, text: string): ReadonlySet<number> {
  const { added, removed } = diffLines(base, text);
  const lines = new Set(added);
  const kept = [...linesOf(text).keys()].map((index) => index + 1).filter((line) => !lines.has(line));
  for (const [index, line] of removed.entries()) {
    // As many lines stay before it as there were, less those that went.
    const count = line - 1 - index;
    const before = kept[count - 1] ?? 0;
    const behind = kept[count] ?? before + 1;
    if (behind === before + 1) lines.add(Math.max(1, before)).add(behind);
  }
  return lines;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The innermost function around each changed line. */
function changedRanges(
  places: readonly SyntaxPlace[],
  source: ParsedSource,
  lines: ReadonlySet<number>,
): readonly Range[] {
  const functions = places.filter(({ node }) => FUNCTIONS.has(node.type)).map(({ node }) => node);
  return [...lines].flatMap((line): Range[] => {
    const around = functions.filter(({ start, end }) => source.lineOf(start) <= line && line <= source.lineOf(end));
    const [inner] = around.toSorted((one, other) => one.end - one.start - (other.end - other.start));
    return inner === undefined ? [] : [{ start: inner.start, end: inner.end }];
  });
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
