import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf, systemCodeOf } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { redactText } from '../core/redact.ts';
import { boundedTitle } from './body-limit.ts';
import { assertBranchName } from './branch-rules.ts';
import { mailOfPatch } from './patch-mail.ts';
import type { PatchAuthor } from './patch-mail.ts';

export interface LocalPullRequestRequest {
  /** Folder of all of them, `pull-requests` in the data folder; it is created. */
  readonly folder: string;
  readonly branch: string;
  readonly title: string;
  readonly body: string;
  /** As `git diff --binary` or `git format-patch --stdout` writes it. */
  readonly patch: string;
  /** Of the commit that a plain diff becomes. */
  readonly author?: PatchAuthor | undefined;
  /** What `git bundle create` wrote; it is copied. */
  readonly bundleFile?: string | undefined;
}

export interface LocalPullRequest {
  readonly folder: string;
  readonly pullRequestFile: string;
  readonly patchFile: string;
  readonly bundleFile?: string;
  /** What to type in a clone of the repository. */
  readonly howToApply: string;
}

const TEXT_FILE = 'PULL_REQUEST.md';
const PATCH_FILE = 'change.patch';
const BUNDLE_FILE = 'change.bundle';
const DRAFT_PREFIX = '.draft-';

/**
 * Writes a pull request to a folder, for whoever has no token: a page, and a patch that `git am` takes. A folder of the same
 * branch is replaced as a whole; nobody sees half of one. Throws `invalid_input` for what is no branch or no patch.
 */
export async function writeLocalPullRequest(asked: LocalPullRequestRequest): Promise<LocalPullRequest> {
  const { folder, branch, bundleFile } = asked;
  assertBranchName(branch);
  const title = boundedTitle(asked.title);
  const patch = mailOfPatch({ patch: asked.patch, title, ...(asked.author !== undefined && { author: asked.author }) });
  // Git takes no tilde in names, so that no two branches share a folder.
  const target = join(folder, branch.replaceAll('/', '~'));
  const howToApply = instructions({ branch, target, hasBundle: bundleFile !== undefined });
  return translated(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = await mkdtemp(join(folder, DRAFT_PREFIX));
    try {
      await writeFile(join(draft, PATCH_FILE), patch, { mode: 0o600 });
      await writeFile(join(draft, TEXT_FILE), pageOf({ ...asked, title, howToApply }), { mode: 0o600 });
      if (bundleFile !== undefined) await copyFile(bundleFile, join(draft, BUNDLE_FILE));
      await replaceFolder(draft, target);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    return {
      folder: target,
      pullRequestFile: join(target, TEXT_FILE),
      patchFile: join(target, PATCH_FILE),
      ...(bundleFile !== undefined && { bundleFile: join(target, BUNDLE_FILE) }),
      howToApply,
    };
  });
}

/** A folder that is there can't be renamed over: it is put aside first, and deleted after. */
async function replaceFolder(draft: string, target: string): Promise<void> {
  const former = `${draft}-${newId()}`;
  const hadOne = await rename(target, former).then(
    () => true,
    (error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(draft, target);
  } catch (error) {
    if (hadOne) await rename(former, target);
    throw error;
  }
  await rm(former, { recursive: true, force: true });
}

function instructions(facts: {
  readonly branch: string;
  readonly target: string;
  readonly hasBundle: boolean;
}): string {
  const { branch, target, hasBundle } = facts;
  const am = `git switch -c ${branch} && git am --3way --keep-cr --keep-non-patch ${quoted(join(target, PATCH_FILE))}`;
  if (!hasBundle) return am;
  return `${am}\nor, with the very commits: git fetch ${quoted(join(target, BUNDLE_FILE))} ${branch}:${branch}`;
}

/** For a POSIX shell. */
function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function pageOf(facts: LocalPullRequestRequest & { readonly howToApply: string }): string {
  const { title, branch, body, howToApply } = facts;
  return `# ${title}\n\nBranch \`${branch}\`. In a clone of the repository, at the branch that it is meant for:\n\n\`\`\`sh\n${howToApply}\n\`\`\`\n\n${redactText(body).trim()}\n`;
}

async function translated<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new AppError('permission_denied', `The pull request can't be written to ${folder}: ${messageOf(error)}.`, {
      hint: 'Free space, or choose another data folder with --data-dir or LIGHTDOM_DATA_DIR.',
      cause: error,
    });
  }
}
