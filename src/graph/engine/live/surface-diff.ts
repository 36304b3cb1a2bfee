import type { FunctionBody, SurfacePart, When } from '../../live-source.ts';
import type { PlacedTargets } from './placed-targets.ts';

/** What a file looked like at one time, and where its names led. */
export interface SurfaceState {
  readonly parts: readonly SurfacePart[];
  readonly targets: PlacedTargets;
}

export interface SurfaceQuestion {
  readonly before: SurfaceState;
  readonly now: SurfaceState;
  /** Whether what a row holds may look different to its users. */
  readonly isChanged: (row: number) => boolean;
  /** Names of such rows, to find them in printed types. */
  readonly changedNames: ReadonlySet<string>;
  /** Types of functions as text; undefined when they are no longer known. */
  readonly typesOf: (starts: readonly number[], when: When) => readonly string[] | undefined;
}

export interface SurfaceDiff {
  /** Statements that others may see differently, in the text before and in the present one. */
  readonly before: readonly SurfacePart[];
  readonly now: readonly SurfacePart[];
}

const WORD = /[\p{L}\p{N}_$]+/gu;
/** Words of an import that are no names. */
const KEYWORDS = /(['"]).*?\1|\b(?:import|export|from|type|typeof|as|require|assert|with)\b/g;

/**
 * Which statements of a file others may see differently now: those whose text outside of function bodies is another, or
 * leads elsewhere, or names what has changed, and those with a function whose type follows from its body and is another.
 * A change within a body of a written type is seen by nobody. It errs on the side of change. The idea is that of the
 * compiler's own builder, which compares declaration files; here it is per statement.
 */
export function diffSurfaces(question: SurfaceQuestion): SurfaceDiff {
  const { before, now } = question;
  const former = partsBySign(before);
  const unmet = new Set(before.parts);
  const pairs: (readonly [SurfacePart, SurfacePart])[] = [];
  const added: SurfacePart[] = [];
  for (const part of now.parts) {
    const twin = former.get(signOf(part, now))?.shift();
    if (twin === undefined) added.push(part);
    else {
      unmet.delete(twin);
      pairs.push([twin, part]);
    }
  }
  const gone = [...unmet];
  const words = wordsBroughtIn([...gone, ...added]);
  const changed = pairs.filter((pair) => isPairChanged(pair, words, question));
  return {
    before: [...gone, ...changed.map(([twin]) => twin)],
    now: [...added, ...changed.map(([, part]) => part)],
  };
}

function partsBySign(state: SurfaceState): Map<string, SurfacePart[]> {
  const parts = new Map<string, SurfacePart[]>();
  for (const part of state.parts) {
    const sign = signOf(part, state);
    const same = parts.get(sign);
    if (same === undefined) parts.set(sign, [part]);
    else same.push(part);
  }
  return parts;
}

/** Its text outside of bodies, and where the names in that lead. */
function signOf(part: SurfacePart, state: SurfaceState): string {
  return `${part.text}\0${outsideOfBodies(part, state).join(' ')}`;
}

function outsideOfBodies(part: SurfacePart, state: SurfaceState): number[] {
  const isInside = (offset: number): boolean => part.bodies.some(({ start, end }) => offset >= start && offset < end);
  const outside = state.targets.within(part).filter(({ offset }) => !isInside(offset));
  return outside.map(({ row }) => row);
}

/** Names that imports which have changed bring in: what they mean may be outside of the workspace, where no edge leads. */
function wordsBroughtIn(parts: readonly SurfacePart[]): ReadonlySet<string> {
  return new Set(
    parts
      .filter(({ kind }) => kind === 'import')
      .flatMap(({ text }) => text.replaceAll(KEYWORDS, ' ').match(WORD) ?? []),
  );
}

function mentions(text: string, words: ReadonlySet<string>): boolean {
  return words.size > 0 && (text.match(WORD) ?? []).some((word) => words.has(word));
}

function isPairChanged(
  [twin, part]: readonly [SurfacePart, SurfacePart],
  words: ReadonlySet<string>,
  question: SurfaceQuestion,
): boolean {
  if (part.kind !== 'import' && mentions(part.text, words)) return true;
  if (outsideOfBodies(part, question.now).some(question.isChanged)) return true;
  const touched = part.bodies.flatMap((body, index) => {
    const former = twin.bodies[index];
    return former !== undefined && isTouched(former, body, { words, question }) ? [{ former, body }] : [];
  });
  if (touched.length === 0) return false;
  const before = question.typesOf(
    touched.map(({ former }) => former.functionStart),
    'before',
  );
  const now = question.typesOf(
    touched.map(({ body }) => body.functionStart),
    'now',
  );
  if (before === undefined || now === undefined) return true;
  return now.some((type, index) => type !== before[index] || mentions(type, question.changedNames));
}

/** Whether the type of the function, which follows from its body, may be another. */
function isTouched(
  former: FunctionBody,
  body: FunctionBody,
  { words, question }: { readonly words: ReadonlySet<string>; readonly question: SurfaceQuestion },
): boolean {
  if (!body.isInferred) return false;
  if (former.text !== body.text || mentions(body.text, words)) return true;
  const before = question.before.targets.within(former).map(({ row }) => row);
  const now = question.now.targets.within(body).map(({ row }) => row);
  return now.some(question.isChanged) || before.join(' ') !== now.join(' ');
}
