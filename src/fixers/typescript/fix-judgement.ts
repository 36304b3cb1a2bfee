import { FIX_GRADES } from '../fixer.ts';
import type { FixGrade } from '../fixer.ts';
import type { FixCandidate, JudgedFix } from './fix-candidate.ts';
import type { RestoreCandidate } from './prior-restore.ts';
import type { Verdict } from './recheck.ts';
import { codeKey } from './same-code.ts';

export interface CheckedCandidate extends FixCandidate {
  readonly verdict: Verdict;
}

const MAX_FIXES = 5;

/**
 * Fixes with paths relative to `root`, best first. What is left of each candidate's grade: nothing but a suggestion where the compiler has something against it, or where
 * two ways to mend it are both right as far as anyone can see.
 */
export function judgeCandidates(
  offered: readonly CheckedCandidate[],
  restored: readonly RestoreCandidate[],
  root: string,
): readonly JudgedFix[] {
  const checked = offered.map((candidate) =>
    candidate.verdict.outcome === 'clean' ? candidate : demoted(candidate, undefined),
  );
  const fixes = settled(checked, restored);
  const unique = new Map<string, CheckedCandidate>();
  for (const fix of fixes.toSorted((one, two) => rankOf(one.grade) - rankOf(two.grade))) {
    const key = keyOf(fix);
    if (!unique.has(key)) unique.set(key, fix);
  }
  return [...unique.values()].slice(0, MAX_FIXES).map(({ fixer, title, texts, grade, evidence, verdict }) => ({
    fixer,
    title,
    edits: [...texts].map(([path, text]) => ({ path: path.slice(root.length + 1), text })),
    grade,
    // Compilers name files by their full path, which is of no use elsewhere.
    evidence: [...evidence, describeVerdict(verdict).replaceAll(`${root}/`, '')],
  }));
}

function settled(
  checked: readonly CheckedCandidate[],
  restored: readonly RestoreCandidate[],
): readonly CheckedCandidate[] {
  const trusted = checked.filter(({ grade }) => grade !== 'suggestion');
  const back = restored.find(({ grade }) => grade === 'auto');
  if (back === undefined) {
    const isUnclear = new Set(trusted.map(keyOf)).size > 1;
    return [...checked.map((each) => (isUnclear ? demoted(each, UNCLEAR) : each)), ...restored];
  }
  const key = keyOf(back);
  const rivals = checked.filter((each) => each.verdict.outcome === 'clean' && keyOf(each) !== key);
  const isDisputed = rivals.some(
    (rival) => (rival.grade !== 'suggestion' && rival.fixer !== 'typescript:import') || isForward(rival, back),
  );
  if (isDisputed) return [...restored, ...checked].map((each) => demoted(each, UNCLEAR));
  const agreeing = checked.filter((each) => keyOf(each) === key).map(({ fixer }) => `\`${fixer}\` says the same`);
  const first = { ...back, evidence: [...back.evidence, ...agreeing] };
  return [first, ...checked.map((each) => demoted(each, 'an earlier version has it another way'))];
}

const UNCLEAR = 'there are two ways to mend it, and nothing says which is meant';

/** Whether it goes on with a renaming that the restore would take back. */
function isForward(rival: CheckedCandidate, back: RestoreCandidate): boolean {
  return back.isReplacement && (rival.fixer === 'typescript:spelling' || rival.fixer === 'lightdom:did-you-mean');
}

function demoted<Candidate extends CheckedCandidate>(candidate: Candidate, why: string | undefined): Candidate {
  const isKnown = candidate.grade === 'suggestion' || why === undefined;
  return { ...candidate, grade: 'suggestion', evidence: isKnown ? candidate.evidence : [...candidate.evidence, why] };
}

function rankOf(grade: FixGrade): number {
  return FIX_GRADES.indexOf(grade);
}

/** Two candidates of the same key leave the same code. */
function keyOf({ texts }: FixCandidate): string {
  const files = [...texts].toSorted(([one], [two]) => (one < two ? -1 : 1));
  return JSON.stringify(files.map(([path, text]) => [path, codeKey(path, text)]));
}

function describeVerdict({ outcome, checkedFiles, checkedProjects, newError }: Verdict): string {
  const asked = `${checkedFiles} files in ${checkedProjects} projects checked`;
  switch (outcome) {
    case 'clean':
      return `the error is gone and there is no new one: ${asked}`;
    case 'unmended':
      return `the error stays: ${asked}`;
    case 'new_errors':
      return `there is a new error, ${newError ?? ''}`;
    case 'late':
      return `there was no time to check it: ${asked}`;
  }
}
