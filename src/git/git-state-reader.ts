import { parseStatus, STATUS } from './porcelain-status.ts';
import type { StatusEntry } from './porcelain-status.ts';
import { shownAddress } from './remote-address.ts';
import { findOperation, readPlaces } from './repository-places.ts';
import { requireRepository } from './revisions.ts';
import { attemptGit, runGit } from './run-git.ts';
import type { Git } from './run-git.ts';
import type { ChangeStatus } from './diff-reader.ts';
import type { RemoteState, RepositoryState, StateFile, StateFiles } from './state-schema.ts';

export interface GitStateRequest {
  /** Absolute path of a folder in the working tree. */
  readonly folder: string;
  /** Files that are named of each kind; all are counted. */
  readonly maxFiles: number;
  readonly signal?: AbortSignal | undefined;
}

/** A remote is a few lines of configuration; nobody has more. */
const MAX_REMOTES = 20;
const ELSEWHERE = 'Name a workspace inside of one.';

/** Reads how a repository stands, with the git program; nothing is written, not even the index. */
export class GitStateReader {
  /** Throws `unsupported` where there is no working tree, and `permission_denied` where git does not trust it. */
  async read({ folder, maxFiles, signal }: GitStateRequest): Promise<RepositoryState> {
    const git = (args: readonly string[]): Promise<string> => runGit(folder, args, { signal });
    await requireRepository(git, folder, ELSEWHERE);
    const places = await readPlaces(git);
    const [text, shallow, remotes] = await Promise.all([
      git([...STATUS, '--find-renames', '--untracked-files=normal']),
      git(['rev-parse', '--is-shallow-repository']),
      readRemotes(git),
    ]);
    const { entries, ...head } = parseStatus(text);
    const operation = findOperation(places);
    const inside = entries.flatMap((entry) => withinFolder(entry, places.prefix));
    return {
      root: places.root,
      prefix: places.prefix,
      ...head,
      isWorktree: places.gitDir !== places.commonDir,
      isShallow: shallow.trim() === 'true',
      ...(operation !== undefined && { operation }),
      ...groupsOf(inside, maxFiles),
      outside: entries.length - inside.length,
      remotes,
    };
  }
}

/** With its path relative to the folder; nothing for what lies outside of it. */
export function withinFolder(entry: StatusEntry, prefix: string): readonly StatusEntry[] {
  // Git names the outermost folder that has no tracked file: the one asked about may lie in it.
  if (entry.unstaged === 'untracked' && prefix !== '' && prefix.startsWith(entry.path))
    return [{ ...entry, path: './' }];
  if (!entry.path.startsWith(prefix)) return [];
  const { from, ...rest } = entry;
  const own = { ...rest, path: entry.path.slice(prefix.length) };
  if (from === undefined) return [own];
  // What came from elsewhere keeps its whole path, in the way that leads out.
  const up = '../'.repeat(prefix.split('/').length - 1);
  return [{ ...own, from: from.startsWith(prefix) ? from.slice(prefix.length) : `${up}${from}` }];
}

function groupsOf(entries: readonly StatusEntry[], maxFiles: number) {
  const group = (statusOf: (entry: StatusEntry) => ChangeStatus | undefined): StateFiles => {
    const found = entries.flatMap((entry) => fileOf(entry, statusOf(entry)));
    return { total: found.length, files: found.slice(0, maxFiles) };
  };
  return {
    staged: group(({ staged }) => staged),
    unstaged: group(({ unstaged, isConflicted }) => (isConflicted || unstaged === 'untracked' ? undefined : unstaged)),
    untracked: group(({ unstaged }) => (unstaged === 'untracked' ? unstaged : undefined)),
    conflicted: group(({ isConflicted }) => (isConflicted ? 'unmerged' : undefined)),
  };
}

function fileOf({ path, from }: StatusEntry, status: ChangeStatus | undefined): StateFile[] {
  if (status === undefined) return [];
  const isMoved = status === 'renamed' || status === 'copied';
  return [{ path, status, ...(from !== undefined && isMoved && { from }) }];
}

async function readRemotes(git: Git): Promise<RemoteState[]> {
  const text = await attemptGit(git(['config', '--null', '--get-regexp', String.raw`^remote\..*\.url$`]));
  if (typeof text !== 'string') return [];
  const urls = new Map<string, string>();
  for (const record of text.split('\0')) {
    const match = /^remote\.(.+)\.url\n(.*)$/s.exec(record);
    // The first one is fetched from; more of them are pushed to besides.
    if (match !== null && !urls.has(match[1] ?? '')) urls.set(match[1] ?? '', match[2] ?? '');
  }
  const remotes = [...urls].slice(0, MAX_REMOTES);
  return Promise.all(remotes.map(([name, url]) => remoteOf(git, name, url)));
}

async function remoteOf(git: Git, name: string, url: string): Promise<RemoteState> {
  const prefix = `refs/remotes/${name}/`;
  const head = await attemptGit(git(['symbolic-ref', '--quiet', `${prefix}HEAD`]));
  const target = typeof head === 'string' ? head.trim() : '';
  return {
    name,
    url: shownAddress(url),
    ...(target.startsWith(prefix) && { defaultBranch: target.slice(prefix.length) }),
  };
}
