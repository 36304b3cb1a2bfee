import { posix } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { StatusEntry } from './porcelain-status.ts';

/** What a commit takes up; paths relative to the root of the working tree. */
export interface CommitSelection {
  /** As they stand in the working tree; those that are gone are deleted. */
  readonly taken: readonly string[];
  /** Removed in the index already, whether or not the file is still there. */
  readonly removed: readonly string[];
}

/**
 * Chooses from what differs: all that git tracks below the folder, or what lies at or below the given paths, with untracked
 * files. Throws `invalid_input` for a path that leads out of the folder or where nothing differs, and where nothing is left.
 */
export function selectChanges(
  entries: readonly StatusEntry[],
  { prefix, paths }: { readonly prefix: string; readonly paths: readonly string[] | undefined },
): CommitSelection {
  const inside = entries.filter(({ path }) => path.startsWith(prefix));
  const chosen =
    paths === undefined ? inside.filter(isTracked) : paths.flatMap((path) => changesAt(inside, path, prefix));
  // Added to the index and deleted since: neither the commit before nor the working tree has it.
  const lasting = chosen.filter(({ staged, unstaged }) => !(staged === 'added' && unstaged === 'deleted'));
  if (lasting.length === 0) {
    const untracked = inside.length - inside.filter(isTracked).length;
    throw new AppError('invalid_input', 'There is nothing to commit: no tracked file of the workspace differs.', {
      hint:
        untracked === 0 ? 'See git_status.' : `${untracked} untracked files are committed when \`paths\` names them.`,
    });
  }
  const kept = new Set(lasting.filter((entry) => !isRemoved(entry)).map(({ path }) => path));
  const removed = new Set(lasting.filter((entry) => isRemoved(entry) && !kept.has(entry.path)).map(({ path }) => path));
  return { taken: [...kept], removed: [...removed] };
}

function isTracked({ unstaged }: StatusEntry): boolean {
  return unstaged !== 'untracked';
}

function isRemoved({ staged }: StatusEntry): boolean {
  return staged === 'deleted';
}

function changesAt(entries: readonly StatusEntry[], path: string, prefix: string): StatusEntry[] {
  const plain = posix.normalize(path).replace(/\/$/, '');
  if (plain === '..' || plain.startsWith('../') || posix.isAbsolute(plain)) {
    throw new AppError('invalid_input', `${JSON.stringify(path)} is not a path within the workspace.`, {
      hint: 'Give paths relative to the workspace, as git_status shows them.',
    });
  }
  const whole = plain === '.' ? prefix : `${prefix}${plain}`;
  const found = entries.filter((entry) => plain === '.' || entry.path === whole || entry.path.startsWith(`${whole}/`));
  if (found.length > 0) return found;
  throw new AppError('invalid_input', `Nothing differs at ${JSON.stringify(path)}, or it is ignored.`, {
    hint: 'See git_status for what differs.',
  });
}
