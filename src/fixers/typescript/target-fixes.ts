import { join } from 'node:path';
import type { FixTarget } from '../fixer.ts';
import { restoredAwaits } from './await-restore.ts';
import { codefixCandidates } from './codefix-candidates.ts';
import { didYouMean } from './did-you-mean.ts';
import { judgeCandidates } from './fix-judgement.ts';
import type { CheckedCandidate } from './fix-judgement.ts';
import type { FixCandidate, JudgedFix } from './fix-candidate.ts';
import type { CompiledPlace } from './fix-place.ts';
import { isFloating } from './fix-task.ts';
import type { PriorTexts } from './prior-texts.ts';
import { restoreCandidates } from './prior-restore.ts';
import { recheck } from './recheck.ts';
import type { RecheckTarget, Verdict } from './recheck.ts';
import { filesOf, relatedPlaces } from './related-places.ts';
import { findTarget } from './target-diagnostic.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

export interface TargetInput {
  readonly target: FixTarget;
  readonly place: CompiledPlace;
  readonly prior: PriorTexts;
  /** Of `performance.now()`: what is not checked by then is only a suggestion. */
  readonly deadlineMs: number;
}

/** Suggestions that are looked at; each costs a look at its files. */
const MAX_SUGGESTIONS = 3;

/** Fixes for one error of the compiler, best first; none where this compiler does not see it. */
export async function fixesFor(input: TargetInput): Promise<readonly JudgedFix[]> {
  const { place, target } = input;
  const path = join(place.root, target.path).replaceAll('\\', '/');
  if (!place.isWritable(path)) return [];
  place.refresh(path);
  if (isFloating(target)) return floatingFixes(path, input);
  const found = foundIn(place, path, target);
  if (found === undefined) return [];
  const isWritable = (file: string): boolean => place.isWritable(file);
  const places = relatedPlaces(found, isWritable);
  const context = {
    isWritable,
    prior: input.prior,
    files: filesOf(found, places),
    places,
    deadlineMs: input.deadlineMs,
  };
  const verify = (texts: ReadonlyMap<string, string>, isShallow = false): Verdict =>
    verdictOf(found, texts, { ...input, isShallow });
  const offered = [...(await codefixCandidates(found, context)), ...(await didYouMean(found, context))];
  const checked = checkedCandidates(offered, verify);
  const restored = await restoreCandidates(found, { ...context, verify });
  return judgeCandidates(checked, restored, place.root);
}

/** For a promise that a linter found nobody waiting for. */
async function floatingFixes(path: string, input: TargetInput): Promise<readonly JudgedFix[]> {
  const { place, prior, target } = input;
  const [project] = place.owners([path]);
  if (project === undefined) return [];
  const verify = (texts: ReadonlyMap<string, string>): Verdict =>
    verdictOf({ project, path }, texts, { ...input, isShallow: false });
  const restored = await restoredAwaits({ path, line: target.line, project, prior, verify });
  return judgeCandidates([], restored, place.root);
}

function foundIn(place: CompiledPlace, path: string, target: FixTarget): TargetDiagnostic | undefined {
  for (const project of place.owners([path])) {
    const found = findTarget(project, path, target);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Verify = (texts: ReadonlyMap<string, string>, isShallow?: boolean) => Verdict;

function checkedCandidates(offered: readonly FixCandidate[], verify: Verify): CheckedCandidate[] {
  const suggested = new Set(offered.filter(({ grade }) => grade === 'suggestion').slice(0, MAX_SUGGESTIONS));
  return offered.flatMap((candidate) => {
    if (candidate.grade !== 'suggestion') return [{ ...candidate, verdict: verify(candidate.texts) }];
    return suggested.has(candidate) ? [{ ...candidate, verdict: verify(candidate.texts, true) }] : [];
  });
}

interface VerdictInput extends TargetInput {
  readonly isShallow: boolean;
}

function verdictOf(
  target: RecheckTarget,
  texts: ReadonlyMap<string, string>,
  { place, deadlineMs, isShallow }: VerdictInput,
): Verdict {
  const paths = [...texts.keys()];
  return recheck({
    target,
    texts,
    projects: isShallow ? [target.project] : place.owners([...new Set([target.path, ...paths])]),
    others: () => place.guests([...new Set([target.path, ...paths])]),
    placeTexts: place.texts,
    deadlineMs,
    isShallow,
  });
}
