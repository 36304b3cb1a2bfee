import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src/core/errors.ts';
import { runProcess } from '../../src/core/process/index.ts';
import type { Fix, FixPlace, FixTarget } from '../../src/fixers/fixer.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** A real folder with real programs, and the place that fixers see of it. */
export interface FixWorkspace {
  readonly place: FixPlace;
  readonly root: string;
  read(path: string): string;
  write(files: Readonly<Record<string, string>>): void;
  /** Links packages of this project into its node_modules. */
  install(...names: readonly string[]): void;
  /** Does what a fix says. */
  apply(fix: Fix | undefined): void;
  /** Every path in it but those of installed packages, sorted. */
  paths(): string[];
  remove(): void;
}

export function createFixWorkspace(files: Readonly<Record<string, string>> = {}): FixWorkspace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-fix-')));
  const { signal } = new AbortController();
  const write: FixWorkspace['write'] = (texts) => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  write(files);
  return {
    root,
    write,
    place: { root, signal, run: (program) => run(root, program) },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    install(...names) {
      for (const name of names) {
        mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
        symlinkSync(join(MODULES, name), join(root, 'node_modules', name));
      }
    },
    apply(fix) {
      for (const { path, text } of fix?.edits ?? []) {
        if (text === undefined) rmSync(join(root, path));
        else write({ [path]: text });
      }
    },
    paths: () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((path) => !path.startsWith('node_modules'))
        .toSorted(),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

async function run(cwd: string, program: Parameters<FixPlace['run']>[0]): ReturnType<FixPlace['run']> {
  const { file, args, timeoutMs } = program;
  try {
    return { exitCode: 0, ...(await runProcess(file, args, { cwd, timeoutMs })) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { exitCode: 1, stdout: '', stderr: error.message };
  }
}

export function targetOf(source: string, rule: string, rest: Omit<FixTarget, 'source' | 'rule'>): FixTarget {
  return { source, rule: `${source}/${rule}`, ...rest };
}
