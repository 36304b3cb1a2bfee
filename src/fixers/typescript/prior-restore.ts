import { distance } from 'fastest-levenshtein';
import { ts } from 'ts-morph';
import type { FixGrade } from '../fixer.ts';
import { deliberateReason } from './deliberate-change.ts';
import type { FormerHunk } from './deliberate-change.ts';
import type { CandidateContext } from './codefix-candidates.ts';
import type { FixCandidate } from './fix-candidate.ts';
import { MAX_TYPO } from './name-choices.ts';
import type { Verdict } from './recheck.ts';
import type { RelatedPlace } from './related-places.ts';
import { statementOf, nodeAt } from './target-diagnostic.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';
import { diffTokens } from './token-diff.ts';
import type { Hunk } from './token-diff.ts';

export interface RestoreContext extends CandidateContext {
  readonly places: readonly RelatedPlace[];
  verify(texts: ReadonlyMap<string, string>): Verdict;
  readonly deadlineMs: number;
}

/** A candidate that the compiler has found nothing against. */
export interface RestoreCandidate extends FixCandidate {
  readonly verdict: Verdict;
  /** One name or literal in place of another, which somebody may have wanted. */
  readonly isReplacement: boolean;
}

const MAX_TRIED = 8;
const MAX_RESTORED_TOKENS = 600;
const MAX_VERSIONS = 3;
/** A name that is unused: most often what used it was taken away on purpose. */
const UNUSED_CODES: ReadonlySet<number> = new Set([6133, 6138, 6192, 6196, 6198, 6199, 6205]);
/** The module of an import is not found. */
const NO_MODULE = 2307;

/**
 * Edits that bring back what an earlier version had at one place and that make the error go without a new one. What was
 * taken away together with other uses of it, or renamed, was taken away on purpose: that is only told.
 */
export async function restoreCandidates(
  target: TargetDiagnostic,
  context: RestoreContext,
): Promise<RestoreCandidate[]> {
  const seen = new Set<string>();
  for (let version = 0; version < MAX_VERSIONS; version += 1) {
    const hunks = await hunksOf(context, version);
    const fresh = hunks.filter(({ path, hunk }) => {
      const key = `${path} ${hunk.from} ${hunk.to} ${hunk.text}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
    const ranked = rankedHunks(
      fresh.filter(({ hunk }) => isRestorable(hunk)),
      target,
      context,
    ).slice(0, MAX_TRIED);
    const clean = ranked.flatMap((each) => {
      const texts = new Map([[each.path, restoredText(each)]]);
      const verdict = context.verify(texts);
      return verdict.outcome === 'clean' ? [{ ...each, texts, verdict }] : [];
    });
    if (clean.length > 0) return judged(clean, { all: hunks, target, context });
    if (performance.now() > context.deadlineMs) return [];
  }
  return [];
}

interface CleanHunk extends FormerHunk {
  readonly texts: ReadonlyMap<string, string>;
  readonly verdict: Verdict;
}

interface JudgeInput {
  readonly all: readonly FormerHunk[];
  readonly target: TargetDiagnostic;
  readonly context: RestoreContext;
}

async function judged(clean: readonly CleanHunk[], { all, target, context }: JudgeInput): Promise<RestoreCandidate[]> {
  const candidates: RestoreCandidate[] = [];
  for (const each of clean) {
    const { hunk, texts, verdict } = each;
    const doubt =
      clean.length > 1
        ? `${clean.length} different edits of earlier versions would do`
        : (doubtOf(hunk, target) ??
          (await deliberateReason(each, { all, project: target.project, prior: context.prior })));
    const grade: FixGrade = doubt === undefined ? 'auto' : 'suggestion';
    const was = shortened(hunk.before.map(({ text }) => text).join(' '));
    candidates.push({
      fixer: 'lightdom:restore',
      title: `Bring back \`${was}\``,
      texts,
      grade,
      evidence: [doubt ?? 'the one edit that brings back tokens of the version before and mends it'],
      verdict,
      isReplacement: hunk.now.length > 0,
    });
  }
  return candidates;
}

function doubtOf(hunk: Hunk, { code, start, end }: TargetDiagnostic): string | undefined {
  if (UNUSED_CODES.has(code)) return 'what used the name may have been taken away on purpose';
  const [now] = hunk.now;
  const [before] = hunk.before;
  if (now === undefined || before === undefined) return undefined;
  if (code === NO_MODULE && now.start >= start && now.end <= end) return undefined;
  const isTypo =
    now.kind === before.kind && distance(now.text, before.text) <= MAX_TYPO && before.text.length > MAX_TYPO;
  return isTypo ? undefined : `\`${shortened(now.text)}\` in its place may be what is wanted`;
}

/** The files' differences from their version of that number. */
async function hunksOf(context: RestoreContext, version: number): Promise<FormerHunk[]> {
  const { files, prior } = context;
  const hunks: FormerHunk[] = [];
  for (const [path, now] of files) {
    if (!context.isWritable(path)) continue;
    const before = (await prior.former(path, now))[version];
    const found = before === undefined ? [] : (diffTokens(path, now, before) ?? []);
    hunks.push(...found.map((hunk) => ({ path, now, hunk, former: before ?? '' })));
  }
  return hunks;
}

/** Something comes back and nothing goes, or one token takes the place of one. */
function isRestorable({ now, before }: Hunk): boolean {
  if (before.length === 0 || before.length > MAX_RESTORED_TOKENS) return false;
  return now.length === 0 || (now.length === 1 && before.length === 1);
}

export function restoredText({ now, hunk }: FormerHunk): string {
  return now.slice(0, hunk.from) + hunk.text + now.slice(hunk.to);
}

/**
 * Those that say a name that the error says, or stand where it does, where what it speaks of is declared, or in the head of
 * a function around it; the best first.
 */
function rankedHunks(hunks: readonly FormerHunk[], target: TargetDiagnostic, context: RestoreContext): FormerHunk[] {
  const names = namesOf(target);
  const near = [...context.places, ...placesAround(target)];
  const scoreOf = ({ hunk, path }: FormerHunk): number => {
    const isNamed = hunk.before.some(({ kind, text }) => isName(kind) && names.has(text.replaceAll(/['"`]/g, '')));
    const isNear = near.some((place) => place.path === path && hunk.from <= place.end && hunk.to >= place.start);
    return Number(isNamed) + Number(isNear);
  };
  const away = ({ hunk, path }: FormerHunk): number =>
    path === target.path ? Math.abs(hunk.from - target.start) : Number.MAX_SAFE_INTEGER;
  return hunks
    .map((each) => ({ each, score: scoreOf(each) }))
    .filter(({ score }) => score > 0)
    .toSorted((one, two) => two.score - one.score || away(one.each) - away(two.each))
    .map(({ each }) => each);
}

/** Words that the message quotes, and the name that it stands at. */
function namesOf({ file, start, end, message }: TargetDiagnostic): ReadonlySet<string> {
  const quoted = [...message.matchAll(/'([^']*)'/g)].flatMap(([, text = '']) => text.match(/[\w$]+/g) ?? []);
  const node = nodeAt(file, start, end);
  return new Set([...quoted, ...(ts.isIdentifier(node) ? [node.text] : [])]);
}

function placesAround({ file, path, start, end }: TargetDiagnostic): RelatedPlace[] {
  const node = nodeAt(file, start, end);
  const statement = statementOf(node);
  const places = [{ path, start: statement.getStart(file), end: statement.end }];
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isFunctionLike(at)) continue;
    const body = 'body' in at ? at.body : undefined;
    places.push({ path, start: at.getStart(file), end: body?.pos ?? at.end });
  }
  return places;
}

function isName(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.Identifier || kind === ts.SyntaxKind.StringLiteral;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
