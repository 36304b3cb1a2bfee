import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { attemptGit, runGit } from './run-git.ts';

/** Where the parts of a person's repository are; nothing of it is written to find out. */
export interface SourcePlace {
  /** Absolute path of its working tree. */
  readonly root: string;
  /** Of the folder that was asked about, within `root`: `''` or `packages/a`, with forward slashes. */
  readonly prefix: string;
  /** What all of its working trees share: refs, objects, configuration. */
  readonly commonDir: string;
  readonly objectsDir: string;
  readonly objectFormat: string;
  /** Where the history of a shallow clone ends; the file may be missing. */
  readonly shallowFile: string;
}

/** Throws `unsupported` where there is no working tree, `permission_denied` where git trusts it not. */
export async function findSource(folder: string, signal?: AbortSignal): Promise<SourcePlace> {
  const questions = ['--show-toplevel', '--git-common-dir', '--show-object-format'];
  const paths = ['--git-path', 'objects', '--git-path', 'shallow'];
  const answer = await attemptGit(runGit(folder, ['rev-parse', ...questions, ...paths], { signal }));
  if (answer instanceof AppError) throw noSource(folder, answer);
  const [root = '', commonDir = '', objectFormat = '', objects = '', shallow = ''] = answer.split('\n');
  const prefix = await runGit(folder, ['rev-parse', '--show-prefix'], { signal });
  const absolute = (path: string): string => resolve(realpathSync(folder), path);
  return {
    root: absolute(root),
    prefix: prefix.replace(/\/?\n$/, ''),
    commonDir: realpathSync(absolute(commonDir)),
    objectsDir: realpathSync(absolute(objects)),
    objectFormat,
    shallowFile: absolute(shallow),
  };
}

/** Full hash of the commit that a branch, a tag, a hash or HEAD~2 names there. Throws `invalid_input` for an unknown one. */
export async function resolveCommit(folder: string, ref: string, signal?: AbortSignal): Promise<string> {
  // Options and control characters are no names; the rest is one argument, whatever it holds.
  const isName = ref !== '' && !/^-|\p{Cc}/u.test(ref);
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const found = isName ? await attemptGit(runGit(folder, args, { signal })) : undefined;
  if (typeof found === 'string') return found.trim();
  throw new AppError('invalid_input', `\`${ref}\` is no commit of the repository of ${folder}.`, {
    hint: 'Give a branch, a tag or a hash; a repository without commits, or a shallow clone for old ones, has none.',
  });
}

/** Branches that are checked out in one of its working trees. */
export async function listCheckedOut(folder: string): Promise<string[]> {
  const text = await runGit(folder, ['worktree', 'list', '--porcelain']);
  return [...text.matchAll(/^branch refs\/heads\/(.+)$/gm)].map(([, branch = '']) => branch);
}

function noSource(folder: string, failure: AppError): AppError {
  if (failure.message.includes('dubious ownership')) {
    return new AppError('permission_denied', `git refuses ${folder}: the repository belongs to another user.`, {
      hint: `Trust it with: git config --global --add safe.directory ${folder}`,
      cause: failure,
    });
  }
  return new AppError('unsupported', `${folder} is not in the working tree of a git repository.`, {
    hint: 'Name a folder inside of one.',
    cause: failure,
  });
}
