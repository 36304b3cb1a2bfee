import { AppError } from '../core/errors.ts';
import { redactText } from '../core/redact.ts';
import { parseRawDiff } from './diff-reader.ts';
import type { ChangedFile } from './diff-reader.ts';
import { parseNumstat } from './numstat.ts';
import { baseOf, isEmptyTree, requireRepository, revisionOf } from './revisions.ts';
import { runGit } from './run-git.ts';
import type { Git, GitOptions } from './run-git.ts';
import type { DiffPatch, SummaryFile } from './summary-schema.ts';

export interface DiffSummaryRequest {
  /** Absolute path of a folder in the working tree; what lies outside of it is left out. */
  readonly folder: string;
  /** Where the change begins; the commit that is checked out without it. */
  readonly from?: string | undefined;
  /** Where it ends; without it the working tree, or the index. */
  readonly to?: string | undefined;
  /** The index in place of the working tree. */
  readonly isStaged?: boolean | undefined;
  /** Files or folders, relative to `folder`, taken by the letter; all without it. */
  readonly paths?: readonly string[] | undefined;
  /** Files that are named; all are counted. */
  readonly maxFiles: number;
  /** Length of the patch; 0 for none. */
  readonly maxPatchCharacters: number;
  readonly signal?: AbortSignal | undefined;
}

export interface DiffSummary {
  /** Full hash of the old side; empty before the first commit. */
  readonly base: string;
  /** Full hash of the new side, `index` or `working tree`. */
  readonly head: string;
  readonly total: number;
  readonly addedLines: number;
  readonly removedLines: number;
  readonly files: readonly SummaryFile[];
  readonly patch?: DiffPatch;
}

type RunDiff = (args: readonly string[], options?: GitOptions) => Promise<string>;

const DIFF = [
  'diff',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--find-renames',
  '--relative',
  '--ignore-submodules=dirty',
  '--submodule=short',
  '--src-prefix=a/',
  '--dst-prefix=b/',
] as const;
/** A character has at most so many bytes in UTF-8. */
const MAX_BYTES_A_CHARACTER = 4;
/** Each is a call of git; they are made only where the whole patch is too long. */
const MAX_SINGLE_PATCHES = 40;
const ELSEWHERE = 'Name a workspace inside of one.';

/**
 * What differs between two revisions, or between one and the index or the working tree: files and counts of lines, and the
 * patch if it is wanted, without what looks like a secret, and file by file as far as there is room. Like a pull request it
 * counts from where `from` and the new side parted. Throws `invalid_input` for an unknown revision and for `to` together with
 * `isStaged`, `unsupported` where there is no working tree.
 */
export async function summarizeDiff(request: DiffSummaryRequest): Promise<DiffSummary> {
  const { folder, from, to, isStaged = false, paths = [], signal } = request;
  if (isStaged && to !== undefined) {
    throw new AppError('invalid_input', `The index and \`${to}\` can't both be the new side.`, {
      hint: 'Leave one out.',
    });
  }
  const git: Git = (args) => runGit(folder, args, { signal });
  await requireRepository(git, folder, ELSEWHERE);
  const head = to === undefined ? undefined : await revisionOf(git, to);
  const base = await baseOf(git, from, head);
  const sides = [...(isStaged ? ['--cached'] : []), base, ...(head === undefined ? [] : [head])];
  const diff: RunDiff = (args, options = {}) =>
    runGit(folder, [...DIFF, ...args, ...sides, '--', ...paths], {
      ...options,
      env: { GIT_LITERAL_PATHSPECS: '1' },
      signal,
    });
  const isWorkingTree = head === undefined && !isStaged;
  const files = [...(await trackedFiles(diff)), ...(isWorkingTree ? await untrackedFiles(request) : [])];
  const sumOf = (count: (file: SummaryFile) => number): number => files.reduce((sum, file) => sum + count(file), 0);
  return {
    base: isEmptyTree(base) ? '' : base,
    head: head ?? (isStaged ? 'index' : 'working tree'),
    total: files.length,
    addedLines: sumOf((file) => file.added),
    removedLines: sumOf((file) => file.removed),
    files: files.slice(0, request.maxFiles),
    ...(request.maxPatchCharacters > 0 && { patch: await patchOf(request, files, { diff, sides }) }),
  };
}

async function trackedFiles(diff: RunDiff): Promise<SummaryFile[]> {
  const [raw, counts] = await Promise.all([diff(['--raw', '-z']), diff(['--numstat', '-z'])]);
  const byPath = parseNumstat(counts);
  return parseRawDiff(raw).map((file) => summaryOf(file, byPath));
}

function summaryOf({ path, status, from }: ChangedFile, byPath: ReturnType<typeof parseNumstat>): SummaryFile {
  const { added, removed, isBinary } = byPath.get(path) ?? { added: 0, removed: 0, isBinary: false };
  return { path, status, ...(from !== undefined && { from }), added, removed, isBinary };
}

async function untrackedFiles({ folder, paths = [], signal }: DiffSummaryRequest): Promise<SummaryFile[]> {
  const args = ['ls-files', '--others', '--exclude-standard', '-z', '--', ...paths];
  const text = await runGit(folder, args, { signal, env: { GIT_LITERAL_PATHSPECS: '1' } });
  const found = text.split('\0').filter((path) => path !== '');
  return found.map((path) => ({ path, status: 'untracked', added: 0, removed: 0, isBinary: false }));
}

async function patchOf(
  { folder, maxPatchCharacters, signal }: DiffSummaryRequest,
  files: readonly SummaryFile[],
  { diff, sides }: { readonly diff: RunDiff; readonly sides: readonly string[] },
): Promise<DiffPatch> {
  const tracked = files.filter(({ status }) => status !== 'untracked');
  const whole = await boundedText(maxPatchCharacters, (options) => diff([], options));
  if (whole !== undefined) return { text: redactText(whole), omitted: [], omittedTotal: 0 };
  let text = '';
  const omitted: string[] = [];
  for (const [index, { path, from }] of tracked.entries()) {
    const own = from === undefined ? [path] : [from, path];
    const args = [...DIFF, ...sides, '--', ...own];
    const room = index < MAX_SINGLE_PATCHES ? maxPatchCharacters - text.length : 0;
    const env = { GIT_LITERAL_PATHSPECS: '1' };
    const part = await boundedText(room, (options) => runGit(folder, args, { ...options, env, signal }));
    if (part === undefined) omitted.push(path);
    else text += part;
  }
  return { text: redactText(text), omitted: omitted.slice(0, MAX_SINGLE_PATCHES), omittedTotal: omitted.length };
}

/** Undefined for more than that. */
async function boundedText(
  maxCharacters: number,
  run: (options: GitOptions) => Promise<string>,
): Promise<string | undefined> {
  if (maxCharacters <= 0) return undefined;
  try {
    const text = await run({ maxBytes: maxCharacters * MAX_BYTES_A_CHARACTER });
    return text.length <= maxCharacters ? text : undefined;
  } catch (error) {
    if (error instanceof AppError && error.code === 'limit_reached') return undefined;
    throw error;
  }
}
