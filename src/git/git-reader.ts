import { AppError } from '../core/errors.ts';
import { parseChangedLines, parseRawDiff } from './diff-reader.ts';
import type { ChangedFile } from './diff-reader.ts';
import { HISTORY_FORMAT, parseHistory } from './history-reader.ts';
import type { GitHistory } from './history-reader.ts';
import { baseOf, isEmptyTree, requireRepository, revisionOf } from './revisions.ts';
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
    return {
      base: isEmptyTree(base) ? '' : base,
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

  /** Full hash of the commit that is checked out. Throws `not_ready` before the first one. */
  async headOf(folder: string, signal?: AbortSignal): Promise<string> {
    const git = (args: readonly string[]): Promise<string> => runGit(folder, args, { signal });
    await requireRepository(git, folder, `${ELSEWHERE}.`);
    const head = await attemptGit(git(['rev-parse', '--verify', '--quiet', 'HEAD']));
    if (typeof head === 'string') return head.trim();
    throw new AppError('not_ready', `The repository of ${folder} has no commits yet.`, { cause: head });
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

  /**
   * The texts that a file had before each of the last commits that changed it, newest first, by its path in the folder. A text
   * that is larger, and what was before the first commit of a shallow clone, is left out.
   */
  async priorTexts(
    place: { readonly folder: string; readonly path: string; readonly commits: number },
    options: { readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
  ): Promise<readonly string[]> {
    const { folder, path, commits } = place;
    const args = ['log', `--max-count=${commits}`, '--no-show-signature', '--format=%H', 'HEAD', '--', `./${path}`];
    const log = await attemptGit(runGit(folder, ['--literal-pathspecs', ...args], options));
    if (log instanceof AppError) return [];
    const texts: string[] = [];
    for (const commit of log.split('\n').filter((line) => line !== '')) {
      const text = await this.findText({ folder, path, commit: `${commit}^` }, options);
      if (text !== undefined) texts.push(text);
    }
    return texts;
  }
}

function withLines(file: ChangedFile, lines: ChangedFile['lines'] = []): ChangedFile {
  return { ...file, lines };
}

async function listUntracked(git: Git): Promise<ChangedFile[]> {
  const text = await git(['ls-files', '--others', '--exclude-standard', '-z']);
  const paths = text.split('\0').filter((path) => path !== '');
  return paths.map((path) => ({ path, status: 'untracked', lines: [] }));
}
