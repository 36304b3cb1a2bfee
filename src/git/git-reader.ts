import { AppError } from '../core/errors.ts';
import { parseChangedLines, parseRawDiff } from './diff-reader.ts';
import type { ChangedFile } from './diff-reader.ts';
import { HISTORY_FORMAT, parseHistory } from './history-reader.ts';
import type { GitHistory } from './history-reader.ts';
import { attemptGit, runGit } from './run-git.ts';
import type { Git } from './run-git.ts';

export interface GitDiffRequest {
  /** Absolute path of a folder in the working tree; what lies outside of it is left out. */
  readonly folder: string;
  /** Where the change begins; the commit that is checked out without it. */
  readonly from?: string | undefined;
  /** Where it ends; the working tree with its untracked files without it. */
  readonly to?: string | undefined;
  /** Globs of the files whose changed lines are wanted. */
  readonly linesOf: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface GitDiff {
  /** Full hash of the old side, the last commit that `from` and the new side have in common; empty before the first. */
  readonly base: string;
  /** Full hash of the new side; undefined for the working tree. */
  readonly head?: string;
  readonly files: readonly ChangedFile[];
}

export interface GitHistoryRequest {
  /** Absolute path of a folder in the working tree. */
  readonly folder: string;
  readonly months: number;
  readonly signal?: AbortSignal | undefined;
}

const ELSEWHERE = 'Name a workspace inside of one';
/** The tree without files, which every repository knows (of SHA-1 and of SHA-256). */
const EMPTY_TREES = [
  '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
] as const;

const DIFF = ['diff', '--no-color', '--no-ext-diff', '--no-textconv', '--find-renames', '--relative'];
const HISTORY = [
  'log',
  '-z',
  '--no-merges',
  '--no-show-signature',
  '--no-color',
  '--no-ext-diff',
  '--name-status',
  '--find-renames',
  '--relative',
  HISTORY_FORMAT,
];
/** Enough for a year of the busiest repositories. */
const MAX_COMMITS = 20_000;
const DIFF_STYLE = ['--ignore-submodules=dirty', '--src-prefix=a/', '--dst-prefix=b/'];

/** Reads a repository with the git program. Methods throw `unsupported` where there is no repository. */
export class GitReader {
  /**
   * What changed between two revisions, or since one. Like a pull request it counts from where `from` and the new side
   * parted. Throws `invalid_input` for an unknown revision, `limit_reached` for more than can be read.
   */
  async diff({ folder, from, to, linesOf, signal }: GitDiffRequest): Promise<GitDiff> {
    const git = (args: readonly string[]): Promise<string> => runGit(folder, args, { signal });
    await requireRepository(
      git,
      folder,
      `${ELSEWHERE}, or call graph_trace with direction impact for a single symbol.`,
    );
    const head = to === undefined ? undefined : await revisionOf(git, to);
    const base = await baseOf(git, from, head);
    const sides = head === undefined ? [base] : [base, head];
    const raw = await git([...DIFF, ...DIFF_STYLE, '--raw', '-z', ...sides, '--']);
    const patch = await git([...DIFF, ...DIFF_STYLE, '--unified=0', ...sides, '--', ...linesOf]);
    const lines = parseChangedLines(patch);
    const tracked = parseRawDiff(raw).map((file) => withLines(file, lines.get(file.path)));
    const untracked = head === undefined ? await listUntracked(git) : [];
    const isEmptyTree = EMPTY_TREES.some((tree) => tree === base);
    return {
      base: isEmptyTree ? '' : base,
      ...(head !== undefined && { head }),
      files: [...tracked, ...untracked],
    };
  }

  /** Who was changed together with whom in the months before the newest commit. Throws `not_ready` before the first one. */
  async history({ folder, months, signal }: GitHistoryRequest): Promise<GitHistory> {
    const git = (args: readonly string[]): Promise<string> => runGit(folder, args, { signal });
    await requireRepository(git, folder, `${ELSEWHERE}; reports on texts need no history.`);
    const newest = await attemptGit(git(['log', '-1', '--no-show-signature', '--format=%ct', 'HEAD', '--']));
    if (newest instanceof AppError) {
      throw new AppError('not_ready', `The repository of ${folder} has no commits yet.`, { cause: newest });
    }
    const until = new Date(Number(newest) * 1000);
    const since = new Date(until);
    since.setUTCMonth(since.getUTCMonth() - months);
    const range = [`--since=${since.toISOString()}`, `--max-count=${MAX_COMMITS}`];
    const commits = parseHistory(await git([...HISTORY, ...range, 'HEAD', '--', '.']));
    const isShallow = (await git(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
    return { commits, until: until.toISOString(), isCut: isShallow || commits.length === MAX_COMMITS };
  }

  /** The text of a file at a commit, by its path in the folder; undefined where it has none, or a larger one. */
  async findText(
    place: { readonly folder: string; readonly commit: string; readonly path: string },
    options: { readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
  ): Promise<string | undefined> {
    const args = ['cat-file', 'blob', `${place.commit}:./${place.path}`];
    try {
      return await runGit(place.folder, args, options);
    } catch (error) {
      if (error instanceof AppError && ['upstream_failed', 'limit_reached'].includes(error.code)) return undefined;
      throw error;
    }
  }
}

async function requireRepository(git: Git, folder: string, hint: string): Promise<void> {
  const inside = await attemptGit(git(['rev-parse', '--is-inside-work-tree']));
  if (!(inside instanceof AppError) && inside.trim() === 'true') return;
  const message = inside instanceof AppError ? inside.message : '';
  if (message.includes('dubious ownership')) {
    throw new AppError('permission_denied', `git refuses ${folder}: the repository belongs to another user.`, {
      hint: `Trust it with: git config --global --add safe.directory ${folder}`,
    });
  }
  throw new AppError('unsupported', `${folder} is not in the working tree of a git repository.`, {
    hint,
  });
}

/** Where the new side left `from`; where the two share no commit, `from` itself. */
async function baseOf(git: Git, from: string | undefined, head: string | undefined): Promise<string> {
  if (from === undefined && head === undefined) {
    const current = await attemptGit(git(['rev-parse', '--verify', '--quiet', 'HEAD']));
    return current instanceof AppError ? emptyTree(git) : current.trim();
  }
  // `to` alone: the last commit of it, as if one had asked for that commit.
  const start = from === undefined ? await firstParentOf(git, head ?? 'HEAD') : await revisionOf(git, from);
  const shared = await attemptGit(git(['merge-base', start, head ?? 'HEAD']));
  return shared instanceof AppError ? start : shared.trim();
}

async function firstParentOf(git: Git, commit: string): Promise<string> {
  const parent = await attemptGit(git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^`]));
  return parent instanceof AppError ? emptyTree(git) : parent.trim();
}

async function emptyTree(git: Git): Promise<string> {
  const format = (await git(['rev-parse', '--show-object-format'])).trim();
  return format === 'sha256' ? EMPTY_TREES[1] : EMPTY_TREES[0];
}

async function revisionOf(git: Git, revision: string): Promise<string> {
  // Options and control characters are no names; the rest is one argument, whatever it holds.
  const isName = !/^-|\p{Cc}/u.test(revision);
  const found = isName
    ? await attemptGit(git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]))
    : undefined;
  if (typeof found === 'string') return found.trim();
  throw new AppError('invalid_input', `\`${revision}\` is no commit of this repository.`, {
    hint: 'Give a branch, a tag, a hash or HEAD~2; `git log --oneline` lists commits, a shallow clone lacks old ones.',
  });
}

function withLines(file: ChangedFile, lines: ChangedFile['lines'] = []): ChangedFile {
  return { ...file, lines };
}

async function listUntracked(git: Git): Promise<ChangedFile[]> {
  const text = await git(['ls-files', '--others', '--exclude-standard', '-z']);
  const paths = text.split('\0').filter((path) => path !== '');
  return paths.map((path) => ({ path, status: 'untracked', lines: [] }));
}
