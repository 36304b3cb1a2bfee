import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  appendFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const VERSIONS = 4;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * @typedef {object} HealCheckout a private copy of a repository, at its last commit
 * @property {string} root
 * @property {(texts: ReadonlyMap<string, string>, message: string) => void} commit writes files and commits them
 * @property {(path: string) => Promise<readonly string[]>} priorTexts
 * @property {() => void} reset back to how it began
 * @property {() => readonly string[]} changedFiles since the last commit
 * @property {() => void} remove
 */

/**
 * @param {string} folder a git repository, or any folder: that becomes one of a single commit
 * @returns {HealCheckout}
 */
export function openCheckout(folder) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-heal-')));
  /** @param {readonly string[]} args */
  const git = (...args) =>
    execFileSync(
      'git',
      [
        '-c',
        'user.name=Bench',
        '-c',
        'user.email=bench@example.org',
        '-c',
        'commit.gpgsign=false',
        '-c',
        'core.hooksPath=/dev/null',
        ...args,
      ],
      {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: MAX_BYTES,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  if (existsSync(join(folder, '.git'))) {
    git('clone', '--quiet', '--no-tags', folder, '.');
    linkPackages(folder, root);
  } else {
    cpSync(folder, root, { recursive: true });
    git('init', '--quiet', '--initial-branch=main');
  }
  appendFileSync(join(root, '.git/info/exclude'), '\nnode_modules\n');
  if (!existsSync(join(folder, '.git'))) commitAll('Begin');
  const base = git('rev-parse', 'HEAD').trim();

  /** @param {string} message */
  function commitAll(message) {
    git('add', '--all');
    git('commit', '--quiet', '-m', message);
  }

  return {
    root,
    commit: (texts, message) => {
      for (const [path, text] of texts) writeFileSync(join(root, path), text);
      commitAll(message);
    },
    priorTexts: async (path) => {
      const hashes = git('log', `-${VERSIONS}`, '--format=%H', '--', path).split('\n').filter(Boolean);
      return hashes.flatMap((hash) => {
        try {
          return [git('show', `${hash}:${path}`)];
        } catch {
          return [];
        }
      });
    },
    reset: () => {
      git('reset', '--quiet', '--hard', base);
    },
    changedFiles: () => git('diff', '--name-only', 'HEAD').split('\n').filter(Boolean),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

const DEPTH = 3;

/**
 * Installed packages are linked: they are read alone.
 * @param {string} from
 * @param {string} to
 */
function linkPackages(from, to, depth = 0) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const path = join(from, entry.name);
    if (entry.name === 'node_modules') {
      if (existsSync(dirname(join(to, entry.name)))) symlinkSync(realpathSync(path), join(to, entry.name), 'dir');
    } else if (entry.isDirectory() && !basename(path).startsWith('.') && depth < DEPTH) {
      linkPackages(path, join(to, entry.name), depth + 1);
    }
  }
}
