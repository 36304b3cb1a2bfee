import { existsSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { AppError, systemCodeOf } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { RunIsolated } from '../core/process/index.ts';
import type { OwnWorktree, PrivateRepository } from '../git/index.ts';
import type {
  ChangedText,
  Checkout,
  CheckoutChanges,
  CheckoutCommit,
  CheckoutProgram,
  CheckoutResult,
} from './checkout.ts';
import type { ModuleLinks } from './module-links.ts';
import { resolveInTree } from './tree-path.ts';

export interface TreeFacts {
  readonly checkoutId: string;
  readonly branch: string | undefined;
  readonly baseCommit: string;
  /** Of the workspace within the tree, with forward slashes. */
  readonly prefix: string;
  readonly worktree: OwnWorktree;
  readonly repository: PrivateRepository;
  readonly modules: ModuleLinks;
  readonly runIsolated: RunIsolated;
  /** What programs don't see of the machine. */
  readonly hidden: readonly string[];
  /** Deletes the tree. */
  release(): Promise<void>;
}

const MAX_TEXT_BYTES = 16 * 1024 * 1024;
const DEFAULT_OUTPUT_BYTES = 256 * 1024;
const DEFAULT_MEMORY_MB = 4096;

/** A checkout whose tree is a working tree of the private repository. */
export class TreeCheckout implements Checkout {
  readonly checkoutId: string;
  readonly treeRoot: string;
  readonly root: string;
  readonly baseCommit: string;
  readonly branch: string | undefined;
  readonly #facts: TreeFacts;
  #closed: Promise<void> | undefined;

  constructor(facts: TreeFacts) {
    this.#facts = facts;
    this.checkoutId = facts.checkoutId;
    this.treeRoot = facts.worktree.path;
    this.root = join(facts.worktree.path, facts.prefix);
    this.baseCommit = facts.baseCommit;
    this.branch = facts.branch;
  }

  async findText(path: string): Promise<string | undefined> {
    const file = await this.#resolve(path);
    const found = await findStat(file);
    if (found?.isFile() !== true) return undefined;
    if (found.size > MAX_TEXT_BYTES) {
      throw new AppError('limit_reached', `${path} has ${found.size} bytes, more than ${MAX_TEXT_BYTES}.`);
    }
    return readFile(file, 'utf8');
  }

  async writeText(path: string, text: string): Promise<void> {
    const file = await this.#resolve(path);
    const mode = (await findStat(file))?.mode ?? 0o644;
    await mkdir(dirname(file), { recursive: true });
    const draft = join(dirname(file), `.${basename(file).slice(0, 100)}.${newId()}`);
    try {
      const handle = await open(draft, 'wx', mode & 0o777);
      try {
        await handle.writeFile(text);
        await handle.chmod(mode & 0o777);
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      const code = systemCodeOf(error);
      if (code === 'EISDIR' || code === 'ENOTDIR')
        throw new AppError('conflict', `${path} is a folder.`, { cause: error });
      throw error;
    }
  }

  async deleteFile(path: string): Promise<void> {
    const file = await this.#resolve(path);
    if ((await findStat(file))?.isFile() !== true) {
      throw new AppError('not_found', `There is no file ${path} in the checkout.`);
    }
    await rm(file);
  }

  async listFiles(): Promise<readonly string[]> {
    this.#requireOpen();
    return this.#facts.repository.listFiles(this.#facts.worktree, this.root);
  }

  async changes(): Promise<CheckoutChanges> {
    this.#requireOpen();
    const { repository, worktree, prefix } = this.#facts;
    const { files, addedLines, removedLines, patch } = await repository.diff(worktree, this.baseCommit);
    const changed = files.map(({ path, status }): ChangedText => {
      const kind = status === 'added' || status === 'deleted' ? status : 'modified';
      return { path: posix.relative(prefix, path), status: kind };
    });
    return { files: changed, addedLines, removedLines, patch };
  }

  async reset(): Promise<void> {
    this.#requireOpen();
    await this.#facts.repository.reset(this.#facts.worktree, this.baseCommit);
  }

  async run(program: CheckoutProgram): Promise<CheckoutResult> {
    this.#requireOpen();
    const { modules, repository, runIsolated, hidden } = this.#facts;
    const cwd = program.cwd === undefined || program.cwd === '.' ? this.root : await this.#resolve(program.cwd);
    return runIsolated({
      file: program.file,
      args: program.args,
      cwd,
      writable: [this.treeRoot, ...modules.caches.filter((cache) => existsSync(cache))],
      readOnly: [join(this.treeRoot, '.git'), ...modules.folders],
      hidden,
      readable: [repository.folder, repository.source.objectsDir, ...modules.targets],
      env: program.env,
      timeoutMs: program.timeoutMs,
      maxOutputBytes: program.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES,
      maxMemoryMb: program.maxMemoryMb ?? DEFAULT_MEMORY_MB,
      signal: program.signal,
    });
  }

  async commit({ message, author }: CheckoutCommit): Promise<string> {
    this.#requireOpen();
    return this.#facts.repository.commitAll({ worktree: this.#facts.worktree, message, author });
  }

  async close(): Promise<void> {
    this.#closed ??= this.#facts.release();
    await this.#closed;
  }

  #resolve(path: string): Promise<string> {
    this.#requireOpen();
    return resolveInTree({ root: this.root, treeRoot: this.treeRoot }, path);
  }

  #requireOpen(): void {
    if (this.#closed === undefined) return;
    throw new AppError('not_found', `The checkout ${this.checkoutId} is closed.`, { hint: 'Open another one.' });
  }
}

async function findStat(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) return undefined;
    throw error;
  }
}
