import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A real repository in a temporary folder. */
export interface GitRepository {
  readonly root: string;
  git(...args: readonly string[]): string;
  /** Writes files, or deletes those that are undefined. */
  write(files: Readonly<Record<string, string | undefined>>): void;
  /** Commits everything that is there; its hash. */
  commit(message: string): string;
  remove(): void;
}

export function createRepository(files: Readonly<Record<string, string>> = {}): GitRepository {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-git-')));
  const git = (...args: readonly string[]): string => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
    return execFileSync('git', [...identity, ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  const write: GitRepository['write'] = (changes) => {
    for (const [path, text] of Object.entries(changes)) {
      const absolute = join(root, path);
      if (text === undefined) rmSync(absolute);
      else {
        mkdirSync(dirname(absolute), { recursive: true });
        writeFileSync(absolute, text);
      }
    }
  };
  const commit = (message: string): string => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '-m', message);
    return git('rev-parse', 'HEAD').trim();
  };
  git('init', '--quiet', '--initial-branch=main');
  const repository = { root, git, write, commit, remove: () => rmSync(root, { recursive: true, force: true }) };
  if (Object.keys(files).length > 0) {
    write(files);
    commit('first');
  }
  return repository;
}
