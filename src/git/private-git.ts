import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../core/ids.ts';
import { runGit } from './run-git.ts';
import type { GitOptions } from './run-git.ts';
import type { SourcePlace } from './source-repository.ts';

/** Only what the private repository itself says counts: nothing that a person or a machine configures. */
const ALONE = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_ATTR_NOSYSTEM: '1', GIT_EDITOR: 'false' };
const TIMEOUT_MS = 5 * 60_000;

/** Nothing is run, signed, converted or cleaned up. Objects that only an abandoned attempt names stay until the folder goes. */
const CONFIG = `[core]
\tbare = true
\thooksPath = /dev/null
\tattributesFile = /dev/null
\texcludesFile = /dev/null
\tlogAllRefUpdates = false
\tautocrlf = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[commit]
\tgpgSign = false
[submodule]
\trecurse = false
[diff]
\tignoreSubmodules = dirty
[uploadpack]
\tallowAnySHA1InWant = true
`;
/** A link of this name is no folder, which is what repositories ignore. */
const EXCLUDED = 'node_modules\n';

export function runPrivately(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return runGit(folder, args, {
    timeoutMs: TIMEOUT_MS,
    ...options,
    env: { ...ALONE, GIT_DIR: folder, ...options.env },
  });
}

/** What git finds in a working tree is not believed: a program may have put another `.git` there. */
export function runInTree(
  tree: { readonly path: string; readonly gitDir: string },
  args: readonly string[],
  options: GitOptions & { readonly cwd?: string | undefined } = {},
): Promise<string> {
  const { cwd = tree.path, env, ...rest } = options;
  const place = { GIT_DIR: tree.gitDir, GIT_WORK_TREE: tree.path };
  return runGit(cwd, args, { timeoutMs: TIMEOUT_MS, ...rest, env: { ...ALONE, ...place, ...env } });
}

/** Makes the repository where there is none, whole or not at all, and lets it see the objects of the source. */
export async function preparePrivate(folder: string, source: SourcePlace): Promise<void> {
  if (!existsSync(join(folder, 'HEAD'))) await createPrivate(folder, source);
  await replaceFile(join(folder, 'objects/info/alternates'), `${source.objectsDir}\n`);
  const shallow = join(folder, 'shallow');
  if (!existsSync(source.shallowFile)) await rm(shallow, { force: true });
  else await copyFile(source.shallowFile, shallow);
}

async function createPrivate(folder: string, source: SourcePlace): Promise<void> {
  const draft = `${folder}.${newId()}`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    const init = ['init', '--quiet', '--bare', '--template=', `--object-format=${source.objectFormat}`, '.'];
    await runGit(draft, init, { env: ALONE });
    const own = await readFile(join(draft, 'config'), 'utf8');
    await writeFile(join(draft, 'config'), `${own}${CONFIG}`);
    await mkdir(join(draft, 'info'), { recursive: true });
    await writeFile(join(draft, 'info/exclude'), EXCLUDED);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process was faster.
    if (!existsSync(join(folder, 'HEAD'))) throw error;
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${newId()}`;
  await writeFile(draft, text);
  await rename(draft, path);
}
