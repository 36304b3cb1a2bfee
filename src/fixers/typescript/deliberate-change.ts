import { ts } from 'ts-morph';
import { declaredNames } from './declared-names.ts';
import type { OverlayProject } from './overlay-project.ts';
import type { PriorTexts } from './prior-texts.ts';
import { diffTokens } from './token-diff.ts';
import type { Hunk, Token } from './token-diff.ts';

/** A difference between a file and one of its earlier versions. */
export interface FormerHunk {
  readonly path: string;
  readonly hunk: Hunk;
  readonly now: string;
  readonly former: string;
}

export interface DeliberateInput {
  /** All differences that were looked at, of the file and of others. */
  readonly all: readonly FormerHunk[];
  readonly project: OverlayProject;
  readonly prior: PriorTexts;
}

/** Users of a file that are compared with their earlier versions. */
const MAX_USERS = 15;

/**
 * Why somebody seems to have wanted what a restore would undo: the same was done at other places, or uses of what was
 * taken away went with it. Undefined when nothing says so.
 */
export async function deliberateReason(
  each: FormerHunk,
  { all, project, prior }: DeliberateInput,
): Promise<string | undefined> {
  const gone = goneNames(each);
  const others = all.filter((other) => other.hunk !== each.hunk);
  const found = others.find(({ hunk }) => isOfSameChange(hunk, each.hunk, gone));
  if (found !== undefined) return 'the same was changed at other places of these files';
  const program = project.program();
  const known = new Set([each.path, ...all.map(({ path }) => path)]);
  const users = project
    .imports()
    .reach(each.path)
    .filter((path) => !known.has(path));
  // A word such as `await` goes for many reasons.
  const isTelling = each.hunk.before.some(({ kind }) => NAMES.has(kind));
  for (const path of isTelling ? users.slice(0, MAX_USERS) : []) {
    const now = program.getSourceFile(path)?.text ?? '';
    const [before] = await prior.former(path, now);
    const hunks = before === undefined ? [] : (diffTokens(path, now, before) ?? []);
    if (hunks.some((hunk) => isOfSameChange(hunk, each.hunk, gone))) return 'users of it were changed in the same way';
  }
  return undefined;
}

const NAMES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.Identifier,
  ts.SyntaxKind.PrivateIdentifier,
  ts.SyntaxKind.StringLiteral,
]);

/** Names that were declared and are no more. */
function goneNames({ path, hunk, now, former }: FormerHunk): ReadonlySet<string> {
  const declared = declaredNames(path, now);
  const before = declaredNames(path, former);
  const names = hunk.before.map(nameOf).filter((name) => before.has(name) && !declared.has(name));
  return new Set(names);
}

/** It takes the same tokens away, or puts the same in their place, or takes away a use of a name that is gone. */
function isOfSameChange(other: Hunk, own: Hunk, gone: ReadonlySet<string>): boolean {
  const isSame = textOf(other.before) === textOf(own.before) && textOf(other.now) === textOf(own.now);
  if (isSame) return true;
  const left = new Set(other.now.map(nameOf));
  return other.before.some((token) => gone.has(nameOf(token)) && !left.has(nameOf(token)));
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join(' ');
}

function nameOf({ text, kind }: Token): string {
  return kind === ts.SyntaxKind.StringLiteral ? text.slice(1, -1) : text;
}
