import type { FunctionBody, SurfaceMember, SurfacePart, SurfacePiece, When } from '../../file-surface.ts';
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
  /** What others may see differently, in the text before and in the present one. */
  readonly before: readonly SurfacePiece[];
  readonly now: readonly SurfacePiece[];
  /** Present statements of which only members that are met by their names are different. */
  readonly holders: readonly SurfacePart[];
  readonly isExportChanged: boolean;
}

/** What such a statement gives out is what another file does. */
const ALL_OF_ANOTHER = /^export\s*\*/;
const WHOLE = 'whole';

/**
 * What of a file others may see differently now: statements and members whose text outside of function bodies is another,
 * or leads elsewhere, or names what has changed, and those with a function whose type follows from its body and is
 * another. A change within a body of a written type is seen by nobody. It errs on the side of change. The idea is that of
 * the compiler's own builder, which compares whole declaration files.
 */
export function diffSurfaces(question: SurfaceQuestion): SurfaceDiff {
  const matched = match(
    { pieces: question.before.parts, state: question.before },
    { pieces: question.now.parts, state: question.now },
  );
  const comparison = { question, words: wordsBroughtIn([...matched.gone, ...matched.added]) };
  const before: SurfacePiece[] = [...matched.gone];
  const now: SurfacePiece[] = [...matched.added];
  const exports = [...matched.gone, ...matched.added].filter(({ kind }) => kind === 'export');
  const holders: SurfacePart[] = [];
  for (const pair of matched.pairs) {
    const [twin, part] = pair;
    const changed = changeOf(pair, comparison);
    if (changed === WHOLE) {
      before.push(twin);
      now.push(part);
      if (ALL_OF_ANOTHER.test(part.text)) exports.push(part);
    } else if (changed.before.length + changed.now.length > 0) {
      before.push(...changed.before);
      now.push(...changed.now);
      holders.push(part);
    }
  }
  return { before, now, holders, isExportChanged: exports.length > 0 };
}

type Pair<Piece extends SurfacePiece> = readonly [Piece, Piece];

interface Comparison {
  readonly question: SurfaceQuestion;
  /** Names whose imports have changed. */
  readonly words: ReadonlySet<string>;
}

interface ChangedMembers {
  readonly before: readonly SurfaceMember[];
  readonly now: readonly SurfaceMember[];
}

/** A class whose constructors are others is another as a whole: these are met by its name. */
function changeOf(pair: Pair<SurfacePart>, comparison: Comparison): ChangedMembers | typeof WHOLE {
  if (isChanged(pair, comparison)) return WHOLE;
  const { question } = comparison;
  const [twin, part] = pair;
  const { gone, added, pairs } = match(
    { pieces: twin.members, state: question.before },
    { pieces: part.members, state: question.now },
  );
  const changed = pairs.filter((members) => isChanged(members, comparison));
  const before = [...gone, ...changed.map(([former]) => former)];
  const now = [...added, ...changed.map(([, member]) => member)];
  return [...before, ...now].every(({ isNamed }) => isNamed) ? { before, now } : WHOLE;
}

interface Pieces<Piece extends SurfacePiece> {
  readonly pieces: readonly Piece[];
  readonly state: SurfaceState;
}

interface Matched<Piece extends SurfacePiece> {
  readonly pairs: readonly Pair<Piece>[];
  readonly gone: readonly Piece[];
  readonly added: readonly Piece[];
}

/** Pairs those of the same sign. */
function match<Piece extends SurfacePiece>(before: Pieces<Piece>, now: Pieces<Piece>): Matched<Piece> {
  const former = new Map<string, Piece[]>();
  for (const piece of before.pieces) {
    const sign = signOf(piece, before.state);
    former.set(sign, [...(former.get(sign) ?? []), piece]);
  }
  const gone = new Set(before.pieces);
  const pairs: Pair<Piece>[] = [];
  const added: Piece[] = [];
  for (const piece of now.pieces) {
    const twin = former.get(signOf(piece, now.state))?.shift();
    if (twin === undefined) added.push(piece);
    else {
      gone.delete(twin);
      pairs.push([twin, piece]);
    }
  }
  return { pairs, gone: [...gone], added };
}

/** Its text outside of bodies, and where the names in that lead. */
function signOf(piece: SurfacePiece, state: SurfaceState): string {
  return `${piece.text}\0${outsideOfCuts(piece, state).join(' ')}`;
}

function outsideOfCuts(piece: SurfacePiece, state: SurfaceState): number[] {
  const cuts = [...piece.bodies, ...piece.members];
  const isCut = (offset: number): boolean => cuts.some(({ start, end }) => offset >= start && offset < end);
  const outside = state.targets.within(piece).filter(({ offset }) => !isCut(offset));
  return outside.map(({ row }) => row);
}

/** Words of an import that are no names. */
const KEYWORDS = /(['"]).*?\1|\b(?:import|export|from|type|typeof|as|require|assert|with)\b/g;
const WORD = /[\p{L}\p{N}_$]+/gu;

/** Names that imports which have changed bring in: what they mean may be outside of the workspace, where no edge leads. */
function wordsBroughtIn(parts: readonly SurfacePart[]): ReadonlySet<string> {
  const imports = parts.filter(({ kind }) => kind === 'import');
  return new Set(imports.flatMap(({ text }) => text.replaceAll(KEYWORDS, ' ').match(WORD) ?? []));
}

function mentions(text: string, words: ReadonlySet<string>): boolean {
  return words.size > 0 && (text.match(WORD) ?? []).some((word) => words.has(word));
}

/** The same text, and yet others may see it differently. */
function isChanged([twin, piece]: Pair<SurfacePiece>, { question, words }: Comparison): boolean {
  if (mentions(piece.text, words) || outsideOfCuts(piece, question.now).some(question.isChanged)) return true;
  const touched = piece.bodies.flatMap((body, index) => {
    const former = twin.bodies[index];
    return former !== undefined && isTouched(former, body, { question, words }) ? [{ former, body }] : [];
  });
  if (touched.length === 0) return false;
  const formerStarts = touched.map(({ former }) => former.functionStart);
  const starts = touched.map(({ body }) => body.functionStart);
  const before = question.typesOf(formerStarts, 'before');
  const now = question.typesOf(starts, 'now');
  if (before === undefined || now === undefined) return true;
  return now.some((type, index) => type !== before[index] || mentions(type, question.changedNames));
}

/** Whether the type of the function, which follows from its body, may be another. */
function isTouched(former: FunctionBody, body: FunctionBody, { question, words }: Comparison): boolean {
  if (!body.isInferred) return false;
  if (former.text !== body.text || mentions(body.text, words)) return true;
  const before = question.before.targets.within(former).map(({ row }) => row);
  const now = question.now.targets.within(body).map(({ row }) => row);
  return now.some(question.isChanged) || before.join(' ') !== now.join(' ');
}
