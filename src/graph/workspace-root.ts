import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { AppError, messageOf, systemCodeOf } from '../core/errors.ts';

export interface WorkspaceBounds {
  readonly allowedRoots: readonly string[];
  /** Used when no workspace is named, and what a relative one is relative to. */
  readonly defaultRoot: string;
}

/**
 * The real path of a workspace folder. Throws `permission_denied` outside the allowed roots (links followed, and
 * whether it exists or not), `not_found`, and `invalid_input` for what is not a folder.
 */
export async function resolveWorkspace(workspace: string | undefined, bounds: WorkspaceBounds): Promise<string> {
  const wanted = resolve(bounds.defaultRoot, workspace ?? '.');
  const real = findRealPath(wanted);
  const roots = bounds.allowedRoots.map((root) => findRealPath(root) ?? resolve(root));
  const isAllowed = roots.some((root) => isInside(root, real ?? wanted));
  if (!isAllowed && !(real === undefined && bounds.allowedRoots.some((root) => isInside(resolve(root), wanted)))) {
    throw new AppError(
      'permission_denied',
      `Workspace ${wanted} is outside the allowed folders: ${roots.join(', ')}.`,
      {
        hint: 'Choose a folder inside them, or add it to the configuration key workspaces.roots.',
      },
    );
  }
  if (real === undefined) {
    throw new AppError('not_found', `Workspace ${wanted} does not exist.`, { hint: 'Check the path.' });
  }
  if (!statSync(real).isDirectory()) {
    throw new AppError('invalid_input', `Workspace ${wanted} is not a folder.`, {
      hint: 'Give the folder that holds it.',
    });
  }
  return real;
}

/** True for the folder itself and everything below; both absolute and real. */
export function isInside(folder: string, path: string): boolean {
  const between = relative(folder, path);
  return between !== '..' && !between.startsWith(`..${sep}`) && !isAbsolute(between);
}

/**
 * Undefined when nothing is there. Not by the thread pool: every question asks for this, and the way there and back takes
 * longer than the system calls.
 */
function findRealPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new AppError('permission_denied', `Workspace ${path} can't be read: ${messageOf(error)}.`, { cause: error });
  }
}
