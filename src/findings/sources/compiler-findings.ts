import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { findInstalledProgram } from '../../core/process/index.ts';
import type { InstalledProgram, RunIsolated } from '../../core/process/index.ts';
import type { Found, SourceReport } from '../finding-schema.ts';
import { parseCompilerOutput, pathIn } from './compiler-output.ts';
import { bundledTypescript, runProgram } from './workspace-program.ts';

/** Each is a run of the compiler. */
const MAX_CONFIGS = 100;

export interface CompilerFindingsInput {
  readonly root: string;
  /** Source files, relative; their folders are looked through for configurations. */
  readonly files: readonly string[];
  readonly signal: AbortSignal;
  readonly runIsolated?: RunIsolated | undefined;
  onConfig(done: number, total: number, name: string): void;
}

/**
 * What the compiler says of each tsconfig, with its own options: the workspace's own TypeScript, or else ours. Nothing is
 * emitted; what the compiler remembers between two runs goes to a temporary folder, not into the workspace.
 */
export async function compilerFindings(input: CompilerFindingsInput): Promise<SourceReport> {
  const { root, signal, runIsolated } = input;
  const pending = configsOf(root, input.files);
  if (pending.length === 0) {
    return { source: 'typescript', state: 'not_run', notes: ['there is no tsconfig.json'], found: [] };
  }
  const notes = new Set<string>();
  const found = new Map<string, Found>();
  const problems: string[] = [];
  const scratch = await mkdtemp(join(tmpdir(), 'lightdom-findings-'));
  try {
    const done = new Set<string>();
    for (let config = pending.shift(); config !== undefined; config = pending.shift()) {
      if (done.has(config)) continue;
      const name = relative(root, config);
      if (done.size === MAX_CONFIGS) {
        problems.push(`only the first ${MAX_CONFIGS} configurations were checked`);
        break;
      }
      input.onConfig(done.size, done.size + pending.length + 1, name);
      done.add(config);
      const program = compilerFor(root, dirname(config), notes);
      const checked = await check(program, { root, config, scratch, signal, runIsolated });
      for (const one of checked.found) found.set(JSON.stringify([one.path, one.line, one.rule, one.message]), one);
      problems.push(...checked.problems.map((problem) => `${name}: ${problem}`));
      pending.push(...checked.references);
    }
    notes.add(`${done.size} configurations`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const state = problems.length === 0 ? 'complete' : 'partial';
  return { source: 'typescript', state, notes: [...notes, ...problems], found: [...found.values()] };
}

function configsOf(root: string, files: readonly string[]): string[] {
  const folders = new Set([root]);
  for (const file of files) {
    for (let folder = dirname(file); folder !== '.' && folder !== '/'; folder = dirname(folder)) {
      folders.add(join(root, folder));
    }
  }
  return [...folders]
    .map((folder) => join(folder, 'tsconfig.json'))
    .filter((path) => existsSync(path))
    .toSorted();
}

function compilerFor(root: string, folder: string, notes: Set<string>): InstalledProgram {
  const own = findInstalledProgram({ root, folder }, 'typescript', 'tsc');
  const program = own ?? bundledTypescript();
  if (program === undefined) throw new AppError('internal', 'The TypeScript of LightDom itself is not installed.');
  notes.add(`TypeScript ${program.version}${own === undefined ? ' of LightDom, none is installed here' : ''}`);
  return program;
}

interface CheckInput {
  readonly root: string;
  readonly config: string;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly runIsolated: RunIsolated | undefined;
}

/** A configuration that the compiler does not get through is a problem of that one. */
async function check(program: InstalledProgram, input: CheckInput) {
  const { root, config, scratch, signal, runIsolated } = input;
  const info = join(scratch, 'tsbuildinfo');
  // A compiler of former years refuses --noEmit beside a configured emitDeclarationOnly.
  const args = [
    '--noEmit',
    '--emitDeclarationOnly',
    'false',
    '--pretty',
    'false',
    '--incremental',
    'true',
    '--tsBuildInfoFile',
    info,
    '-p',
    config,
  ];
  try {
    await rm(info, { force: true });
    const { stdout } = await runProgram(program, args, { cwd: root, signal, runIsolated, writable: [scratch] });
    return { ...parseCompilerOutput(stdout, { root, cwd: root }), references: referencesOf(root, config) };
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    return { found: [], problems: [error.message.slice(0, 300)], references: [] };
  }
}

/** Configurations of other names are known only by those that refer to them. Comments rule out a JSON parser. */
function referencesOf(root: string, config: string): string[] {
  const block = /"references"\s*:\s*\[([^\]]*)\]/.exec(readFileSync(config, 'utf8'))?.[1] ?? '';
  const paths = [...block.matchAll(/"path"\s*:\s*("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) =>
    z.string().parse(JSON.parse(text)),
  );
  return paths
    .map((path) => resolve(dirname(config), path))
    .map((path) => (isFolder(path) ? join(path, 'tsconfig.json') : path))
    .filter((path) => pathIn(root, path) !== undefined && existsSync(path));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
