import { findCoChanges, MIN_CONFIDENCE, MIN_SUPPORT } from '../analysis/co-change.ts';
import type { CoChange, Explanation } from '../analysis/co-change.ts';
import { countCommits, MAX_COMMIT_FILES } from '../analysis/commit-counts.ts';
import type { CommitCounts } from '../analysis/commit-counts.ts';
import { findHotspots } from '../analysis/hotspots.ts';
import type { OpenView } from '../graph-views.ts';
import type { ReportFacts } from '../metrics/report-facts.ts';
import type { Finding, Findings } from './report-answer.ts';
import type { GraphView } from './graph-view.ts';

/** Older changes say what the code was, not what it is. */
const MONTHS = 12;
const EXPLAINED = {
  use: 'one uses the other',
  names: 'they have the same name',
  folder: 'they are in one folder',
} satisfies Record<Explanation, string>;

export async function hotspotFindings(open: OpenView, { metrics, git }: ReportFacts): Promise<Findings> {
  const { root, view } = open;
  const { counts, notes } = await countsOf(open, git);
  const measured = await metrics.measure({ root, files: view.columns.files });
  const { found, most } = findHotspots(counts.byPath, measured.byPath);
  const items = found.flatMap(({ path, commits, cognitive, functions, score }) => {
    const what = `${commits} commits, cognitive ${cognitive} in ${functions} functions`;
    const row = view.rowOfFile(path);
    return row === undefined ? [] : [{ row, isCertain: true, reason: `${score.toFixed(2)}: ${what}` }];
  });
  const scale = `1 would be ${most.commits} commits and cognitive ${most.cognitive}, the most of any file`;
  return { items, notes: [scale, ...notes, ...measured.notes] };
}

export async function coChangeFindings(open: OpenView, { git }: ReportFacts): Promise<Findings> {
  const { counts, notes } = await countsOf(open, git);
  const found = findCoChanges(open.view, counts);
  const limits = `pairs in ${MIN_SUPPORT} commits and ${100 * MIN_CONFIDENCE} % of those of one of them`;
  const items = found.map((pair) => coChangeFinding(open.view, pair));
  return { items, notes: [limits, ...(found.length === 0 ? [] : [shares(found)]), ...notes] };
}

/** What the code alone would have told: the less is left, the less the history adds. */
function shares(found: readonly CoChange[]): string {
  const count = (wanted: Explanation | undefined): number =>
    found.filter(({ explanation }) => explanation === wanted).length;
  return `${count('use')} explained by a use, ${count('names')} by their names, ${count('folder')} by their folder, ${count(undefined)} by nothing`;
}

function coChangeFinding(view: GraphView, { one, two, support, confidence, lift, explanation }: CoChange): Finding {
  const how = `${support} commits, ${Math.round(100 * confidence)} % of those of the first, ${lift.toFixed(1)} times chance`;
  const why = explanation === undefined ? 'nothing in the code says why' : EXPLAINED[explanation];
  return {
    row: view.rowOfFile(one) ?? 0,
    isCertain: true,
    reason: `${how}; ${why}`,
    places: [{ path: one }, { path: two }],
  };
}

async function countsOf(
  { root, view }: OpenView,
  git: ReportFacts['git'],
): Promise<{ readonly counts: CommitCounts; readonly notes: readonly string[] }> {
  const { commits, until, isCut } = await git.history({ folder: root, months: MONTHS });
  const counts = countCommits(commits, (path) => view.rowOfFile(path) !== undefined);
  const period = `${counts.commits.length} commits in the ${MONTHS} months up to ${until.slice(0, 10)}`;
  return {
    counts,
    notes: [
      period,
      ...(counts.huge === 0 ? [] : [`${counts.huge} commits of more than ${MAX_COMMIT_FILES} files left out`]),
      ...(isCut ? ['the history is cut: a shallow clone, or too many commits'] : []),
    ],
  };
}
