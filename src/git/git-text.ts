import type {
  GitCommitAnswer,
  GitCreateBranchAnswer,
  GitDiffAnswer,
  GitOpenPrAnswer,
  GitPrStatusAnswer,
  GitStatusAnswer,
} from './git-schema.ts';
import type { StateFiles } from './state-schema.ts';
import type { SummaryFile } from './summary-schema.ts';

/** Answers about repositories as compact text. */

const HASH_DIGITS = 10;
/** The structured answer holds more; a person reads the beginning. */
const MAX_LINES = 60;

export function renderGitStatus(answer: GitStatusAnswer): string {
  const { staged, unstaged, untracked, conflicted, outside, operation, remotes } = answer;
  const isClean = [staged, unstaged, untracked, conflicted].every(({ total }) => total === 0);
  const traits = [
    ...(operation === undefined ? [] : [`a ${operation} is in progress`]),
    ...(answer.isWorktree ? ['a linked worktree'] : []),
    ...(answer.isShallow ? ['a shallow clone'] : []),
  ];
  return [
    `${headText(answer)}${upstreamText(answer)}`,
    ...(traits.length === 0 ? [] : [traits.join(', ')]),
    ...(isClean ? ['clean'] : []),
    ...group('conflicted', conflicted),
    ...group('staged', staged),
    ...group('unstaged', unstaged),
    ...group('untracked', untracked),
    ...(outside === 0 ? [] : [`note: ${outside} more changed files are outside of the workspace, in ${answer.root}`]),
    ...remotes.map(({ name, url, defaultBranch }) => {
      return `remote ${name} ${url}${defaultBranch === undefined ? '' : ` (default ${defaultBranch})`}`;
    }),
  ].join('\n');
}

function headText({ branch, commit }: GitStatusAnswer): string {
  const at = commit === undefined ? ', no commit yet' : ` at ${shortHash(commit)}`;
  return branch === undefined ? `HEAD is detached${at}` : `branch ${branch}${at}`;
}

function upstreamText({ upstream, ahead, behind }: GitStatusAnswer): string {
  if (upstream === undefined) return '';
  if (ahead === undefined || behind === undefined) return `, follows ${upstream}, which is gone`;
  return `, follows ${upstream}: ${ahead} ahead, ${behind} behind`;
}

function group(title: string, { total, files }: StateFiles): string[] {
  if (total === 0) return [];
  const shown = files.slice(0, MAX_LINES);
  const lines = shown.map(({ path, status, from }) => {
    return `  ${title === 'untracked' ? '' : `${status} `}${shownPath(path)}${formerText(from)}`;
  });
  return [`${title} (${total}):`, ...lines, ...restOf(total, shown.length)];
}

export function renderGitDiff(answer: GitDiffAnswer): string {
  const { patch } = answer;
  return [
    `${shortHash(answer.base)} → ${shortHash(answer.head)}: ${countsText(answer)}`,
    ...fileLines(answer),
    ...(patch === undefined ? [] : ['', patch.text.trimEnd()]),
    ...(patch === undefined || patch.omittedTotal === 0
      ? []
      : [`note: no room for the text of ${patch.omittedTotal} files: ${patch.omitted.map(shownPath).join(', ')}`]),
  ].join('\n');
}

export function renderGitBranch({ branch, commit, isCheckedOut, previous }: GitCreateBranchAnswer): string {
  const at = commit === undefined ? '' : ` at ${shortHash(commit)}`;
  const before = previous === undefined ? '' : `; before it was ${previous}`;
  return isCheckedOut ? `branch ${branch}${at} is checked out${before}` : `branch ${branch}${at} was made`;
}

export function renderGitCommit(answer: GitCommitAnswer): string {
  return [
    `${shortHash(answer.commit)} on ${answer.branch}: ${answer.subject}`,
    countsText(answer),
    ...fileLines(answer),
    ...answer.notes.map((note) => `note: ${note}`),
  ].join('\n');
}

export function renderGitOpenPr({ kind, branch, number, url, state, isNew, folder, notes }: GitOpenPrAnswer): string {
  const where =
    kind === 'remote'
      ? `pull request #${number} of ${branch} ${isNew === true ? 'was opened' : `was there already (${state})`}: ${url}`
      : `nothing was published; text and patch of ${branch} are in ${folder}`;
  return [where, ...notes.map((note) => `note: ${note}`)].join('\n');
}

export function renderGitPrStatus(answer: GitPrStatusAnswer): string {
  const { number, title, state, isDraft, head, base, mergeable, review, checks, failures, notes, url } = answer;
  return [
    `#${number} ${title}`,
    `${isDraft ? 'draft, ' : ''}${state}, ${head} → ${base}, mergeable: ${mergeable}`,
    `checks: ${checks}${failures.length === 0 ? '' : ` (${failures.join(', ')})`}; review: ${review}`,
    url,
    ...notes.map((note) => `note: ${note}`),
  ].join('\n');
}

interface FileCounts {
  readonly total: number;
  readonly addedLines: number;
  readonly removedLines: number;
  readonly files: readonly SummaryFile[];
}

function countsText({ total, addedLines, removedLines }: FileCounts): string {
  return `${total} ${total === 1 ? 'file' : 'files'}, +${addedLines} -${removedLines}`;
}

function fileLines({ files, total }: FileCounts): string[] {
  const shown = files.slice(0, MAX_LINES);
  return [...shown.map((file) => `  ${fileLine(file)}`), ...restOf(total, shown.length)];
}

function fileLine({ path, status, from, added, removed, isBinary }: SummaryFile): string {
  const counts = isBinary ? ' binary' : ` +${added} -${removed}`;
  return `${status} ${shownPath(path)}${formerText(from)}${status === 'untracked' ? '' : counts}`;
}

function formerText(from: string | undefined): string {
  return from === undefined ? '' : ` from ${shownPath(from)}`;
}

function restOf(total: number, shown: number): string[] {
  return total > shown ? [`  … ${total - shown} more`] : [];
}

/** A name may hold a line feed, and would then read as a line of its own. */
function shownPath(path: string): string {
  return /[\p{Cc}"\\]|^\s|\s$/u.test(path) ? JSON.stringify(path) : path;
}

function shortHash(side: string): string {
  if (side === '') return '(nothing)';
  return /^[0-9a-f]{40,}$/.test(side) ? side.slice(0, HASH_DIGITS) : side;
}
