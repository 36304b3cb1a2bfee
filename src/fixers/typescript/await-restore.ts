import { ts } from 'ts-morph';
import { deliberateReason } from './deliberate-change.ts';
import type { FormerHunk } from './deliberate-change.ts';
import type { OverlayProject } from './overlay-project.ts';
import { restoredText } from './prior-restore.ts';
import type { RestoreCandidate } from './prior-restore.ts';
import type { PriorTexts } from './prior-texts.ts';
import type { Verdict } from './recheck.ts';
import { diffTokens } from './token-diff.ts';

export interface AwaitRequest {
  /** Absolute. */
  readonly path: string;
  /** From 1, as the linter said it. */
  readonly line: number | undefined;
  readonly project: OverlayProject;
  readonly prior: PriorTexts;
  readonly verify: (texts: ReadonlyMap<string, string>) => Verdict;
}

/** The `await` that the line had in the last version that was otherwise, if that is all that it lost. */
export async function restoredAwaits({
  path,
  line,
  project,
  prior,
  verify,
}: AwaitRequest): Promise<RestoreCandidate[]> {
  const file = project.program().getSourceFile(path);
  if (file === undefined) return [];
  const now = file.text;
  const [former] = await prior.former(path, now);
  if (former === undefined) return [];
  const all = (diffTokens(path, now, former) ?? []).map((hunk): FormerHunk => ({ path, now, hunk, former }));
  const here = all.filter(
    ({ hunk }) => isAwait(hunk) && file.getLineAndCharacterOfPosition(Math.min(hunk.to, now.length)).line + 1 === line,
  );
  const [lost, ...others] = here;
  if (lost === undefined || others.length > 0) return [];
  const texts = new Map([[path, restoredText(lost)]]);
  const verdict = verify(texts);
  const doubt =
    verdict.outcome === 'clean' ? await deliberateReason(lost, { all, project, prior }) : 'the compiler is against it';
  return [
    {
      fixer: 'lightdom:restore',
      title: 'Bring back `await`',
      texts,
      grade: doubt === undefined ? 'auto' : 'suggestion',
      evidence: [doubt ?? 'the version before waited for the promise'],
      verdict,
      isReplacement: false,
    },
  ];
}

function isAwait({ now, before }: FormerHunk['hunk']): boolean {
  return now.length === 0 && before.length === 1 && before[0]?.kind === ts.SyntaxKind.AwaitKeyword;
}
