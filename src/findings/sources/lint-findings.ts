import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { readLintOutput } from '../../core/lint-output.ts';
import type { LinterName, LintMessage } from '../../core/lint-output.ts';
import { findInstalledProgram } from '../../core/process/index.ts';
import type { RunIsolated } from '../../core/process/index.ts';
import type { Found, SourceReport } from '../finding-schema.ts';
import { pathIn } from './compiler-output.ts';
import { runProgram } from './workspace-program.ts';

export interface LintFindingsInput {
  readonly root: string;
  readonly signal: AbortSignal;
  readonly runIsolated?: RunIsolated | undefined;
}

interface Linter {
  readonly name: LinterName;
  /** The npm package that it comes in. */
  readonly packageName: string;
  readonly isConfigured: (root: string) => boolean;
  readonly args: (root: string) => readonly string[];
  readonly notes: (root: string) => readonly string[];
}

const MAX_MESSAGE = 1_000;
const SKIPPED = '**/node_modules/**';
const OXLINT_CONFIG = /^(?:\.oxlintrc\.jsonc?|oxlint\.config\.[cm]?[jt]s)$/;
const BIOME_CONFIG = /^\.?biome\.jsonc?$/;
const ESLINT_CONFIG = /^(?:eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.(?:[cm]?js|json|ya?ml))?)$/;

export const OXLINT: Linter = {
  name: 'oxlint',
  packageName: 'oxlint',
  isConfigured: (root) => hasFile(root, OXLINT_CONFIG),
  args: (root) => ['-f', 'json', '--ignore-pattern', SKIPPED, ...(hasTypes(root) ? ['--type-aware'] : []), '.'],
  notes: (root) => (hasTypes(root) ? ['with types'] : ['without types: oxlint-tsgolint is not installed']),
};

export const ESLINT: Linter = {
  name: 'eslint',
  packageName: 'eslint',
  isConfigured: (root) => hasFile(root, ESLINT_CONFIG) || hasPackageConfig(root),
  args: () => ['-f', 'json', '--ignore-pattern', SKIPPED, '.'],
  notes: () => [],
};

export const BIOME: Linter = {
  name: 'biome',
  packageName: '@biomejs/biome',
  isConfigured: (root) => hasFile(root, BIOME_CONFIG),
  args: () => ['lint', '--reporter=json', '--max-diagnostics=none', '--colors=off', '.'],
  notes: () => [],
};

/** What the workspace's own linter says, by its own configuration; it is never installed or configured here. */
export async function lintFindings(linter: Linter, input: LintFindingsInput): Promise<SourceReport> {
  const { root, signal, runIsolated } = input;
  const { name, packageName } = linter;
  if (!linter.isConfigured(root)) return notRun(name, `not configured: the workspace has no configuration of ${name}`);
  const program = findInstalledProgram({ root, folder: root }, packageName, name);
  if (program === undefined) return notRun(name, `configured, but ${name} is not installed in the workspace`);
  try {
    const { stdout, stderr } = await runProgram(program, linter.args(root), { cwd: root, signal, runIsolated });
    const messages = messagesOf(linter, stdout, stderr);
    const found = messages.flatMap((message) => foundOf(name, root, message));
    return { source: name, state: 'complete', notes: [`${name} ${program.version}`, ...linter.notes(root)], found };
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    return notRun(name, `failed: ${error.message.slice(0, 300)}`);
  }
}

function notRun(source: Linter['name'], note: string): SourceReport {
  return { source, state: 'not_run', notes: [note], found: [] };
}

function messagesOf(linter: Linter, stdout: string, stderr: string): readonly LintMessage[] {
  try {
    return readLintOutput(linter.name, JSON.parse(stdout));
  } catch (error) {
    const said = (stderr.trim() || stdout.trim()).slice(0, 200);
    throw new AppError('upstream_failed', `what it wrote is not its JSON: ${said}`, { cause: error });
  }
}

function foundOf(source: Linter['name'], root: string, message: LintMessage): Found[] {
  const path = message.file === undefined ? undefined : pathIn(root, resolve(root, message.file));
  if (path === undefined) return [];
  return [
    {
      source,
      rule: `${source}/${message.rule}`,
      category: message.isError ? 'bug' : 'style',
      severity: message.isError ? 'medium' : 'low',
      path,
      line: message.line,
      message: message.message.slice(0, MAX_MESSAGE),
      suggestion: message.help?.slice(0, MAX_MESSAGE),
    },
  ];
}

function hasFile(root: string, name: RegExp): boolean {
  return readdirSync(root).some((file) => name.test(file));
}

function hasPackageConfig(root: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return z.object({ eslintConfig: z.unknown() }).safeParse(manifest).data?.eslintConfig !== undefined;
  } catch {
    return false;
  }
}

function hasTypes(root: string): boolean {
  return existsSync(join(root, 'node_modules', 'oxlint-tsgolint'));
}
