import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Checkout, CheckoutProgram, CheckoutResult } from '../../src/checkouts/index.ts';
import { childEnvironment } from '../../src/core/config/index.ts';
import { AppError } from '../../src/core/errors.ts';
import { createRepository } from '../git/git-repository.ts';
import type { GitRepository } from '../git/git-repository.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const UNCONFINED = { network: false, mounts: false, pids: false, memory: false };

export interface PlainCheckout {
  readonly checkout: Checkout;
  readonly repository: GitRepository;
  /** Commands that were run in it, in order. */
  readonly ran: CheckoutProgram[];
}

/** A checkout that is a repository of its own: real git, real programs, and no walls. Packages are links to ours. */
export function createPlainCheckout(
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = [],
): PlainCheckout {
  const repository = createRepository({ '.gitignore': 'node_modules\n', ...files });
  for (const name of packages) {
    const link = join(repository.root, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(MODULES, name)), link);
  }
  return reopened(repository);
}

/** Another checkout of the same repository, at what is committed now. */
export function reopened(repository: GitRepository): PlainCheckout {
  const ran: CheckoutProgram[] = [];
  return { checkout: checkoutOf(repository, ran), repository, ran };
}

function checkoutOf(repository: GitRepository, ran: CheckoutProgram[]): Checkout {
  const { root } = repository;
  const git = (...args: readonly string[]): string => repository.git(...args);
  const baseCommit = git('rev-parse', 'HEAD').trim();
  const placeOf = (path: string): string => {
    const place = join(root, path);
    const known = existsSync(place) ? realpathSync(place) : place;
    if (relative(root, known).startsWith('..')) throw new AppError('permission_denied', `${path} leads out.`);
    return place;
  };
  const listFiles = (): string[] =>
    git('ls-files', '--cached', '--others', '--exclude-standard', '-z')
      .split('\0')
      .filter((path) => path !== '' && existsSync(join(root, path)))
      .toSorted();
  const changes = () => {
    git('add', '--intent-to-add', '--all');
    const lines = git('diff', '--name-status', '--no-renames', baseCommit).trim().split('\n');
    const status = { A: 'added', M: 'modified', D: 'deleted' } as const;
    const changed = lines.flatMap((line) => {
      const [kind, path] = line.split('\t');
      return path === undefined ? [] : [{ path, status: status[kind === 'A' || kind === 'D' ? kind : 'M'] }];
    });
    const patch = git('diff', baseCommit);
    const count = (sign: string): number =>
      patch.split('\n').filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3))).length;
    return { files: changed, addedLines: count('+'), removedLines: count('-'), patch };
  };
  return {
    checkoutId: 'plain',
    treeRoot: root,
    root,
    baseCommit,
    branch: 'main',
    findText: async (path) => {
      const place = placeOf(path);
      return existsSync(place) && statSync(place).isFile() ? readFileSync(place, 'utf8') : undefined;
    },
    writeText: async (path, text) => repository.write({ [relative(root, placeOf(path))]: text }),
    deleteFile: async (path) => {
      if (!existsSync(placeOf(path))) throw new AppError('not_found', `There is no file ${path}.`);
      rmSync(placeOf(path));
    },
    listFiles: async () => listFiles(),
    changes: async () => changes(),
    reset: async () => {
      git('reset', '--quiet', '--hard', baseCommit);
      git('clean', '--quiet', '-fd');
    },
    run: (program) => {
      ran.push(program);
      return runHere(root, program);
    },
    commit: async ({ message }) => repository.commit(message),
    close: async () => repository.remove(),
  };
}

async function runHere(root: string, program: CheckoutProgram): Promise<CheckoutResult> {
  const { file, args, cwd, env, timeoutMs, signal } = program;
  signal?.throwIfAborted();
  const started = performance.now();
  const child = spawn(file, [...args], {
    cwd: join(root, cwd ?? '.'),
    env: childEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const outputs = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (outputs[0] += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (outputs[1] += chunk.toString()));
  let isLate = false;
  const end = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeoutMs);
  signal?.addEventListener('abort', end, { once: true });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new AppError('not_configured', error.message)));
    child.once('close', resolve);
  }).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  });
  if (signal?.aborted === true) throw new AppError('cancelled', `${file} was cancelled.`);
  const endedBy = isLate ? 'timeout' : code === null ? 'signal' : 'exit';
  const [stdout = '', stderr = ''] = outputs;
  const durationMs = performance.now() - started;
  return { exitCode: code ?? undefined, endedBy, stdout, stderr, durationMs, confinement: UNCONFINED };
}
