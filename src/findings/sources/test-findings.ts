import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import { globSync } from 'tinyglobby';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { findInstalledProgram } from '../../core/process/index.ts';
import type { RunIsolated } from '../../core/process/index.ts';
import type { Found, SourceReport } from '../finding-schema.ts';
import { pathIn } from './compiler-output.ts';
import { parseTestScript } from './test-command.ts';
import type { TestCommand } from './test-command.ts';
import { parseTestOutput, reporterArgs } from './test-output.ts';
import type { FailedTest, TestOutput } from './test-output.ts';
import { runNode } from './workspace-program.ts';

export interface TestFindingsInput {
  readonly root: string;
  readonly signal: AbortSignal;
  readonly runIsolated?: RunIsolated | undefined;
  /** Tests execute code of the workspace, and are only run for who asked for it. */
  readonly isAllowed: boolean;
}

const MAX_MESSAGE_LINES = 5;
const MAX_MESSAGE = 1_000;
const MAX_STACK = 2_000;
const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/** Failing tests of the workspace, one finding each, as its own runner tells them. Never throws for tests that can't be run. */
export async function testFindings(input: TestFindingsInput): Promise<SourceReport> {
  const { root, isAllowed, signal } = input;
  if (!isAllowed) return notRun('not asked for: running tests executes code of the workspace');
  const script = testScriptOf(root);
  if (script === undefined) return notRun('package.json has no script `test`');
  const command = parseTestScript(script);
  if (command === undefined) return notRun(`the script \`test\` starts no known runner: ${script.slice(0, 200)}`);
  const scratch = await mkdtemp(join(tmpdir(), 'lightdom-tests-'));
  try {
    const file = join(realpathSync(scratch), 'results.json');
    const started = startOf(root, command, file);
    if (typeof started === 'string') return notRun(started);
    const output = await run(started.args, { ...input, command, file });
    const notes = [...started.notes, `${output.total} tests`, ...skippedNote(command), ...confinedNote(input, output)];
    const found = output.failed.flatMap((test) => foundOf(root, command.runner, test));
    return { source: 'tests', state: 'complete', notes, found };
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    return notRun(`failed: ${error.message.slice(0, 300)}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function notRun(note: string): SourceReport {
  return { source: 'tests', state: 'not_run', notes: [note], found: [] };
}

function testScriptOf(root: string): string | undefined {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).scripts['test'];
  } catch {
    return undefined;
  }
}

/** Arguments of Node, or in words why there are none. */
function startOf(root: string, { runner, args }: TestCommand, file: string) {
  const reporter = reporterArgs(runner, file);
  if (runner === 'node') {
    // A shell would have made paths of patterns; Node does so itself only from 21 on.
    const expanded = args.flatMap((arg) => (/[*?{[]/.test(arg) && !arg.startsWith('-') ? matching(root, arg) : [arg]));
    return { args: [...reporter, ...expanded], notes: [`node --test of Node ${process.version}`] };
  }
  const program = findInstalledProgram({ root, folder: root }, runner, runner);
  if (program === undefined) return `the script \`test\` starts ${runner}, which is not installed in the workspace`;
  const mode = runner === 'vitest' ? ['run'] : [];
  return { args: [program.script, ...mode, ...args, ...reporter], notes: [`${runner} ${program.version}`] };
}

function matching(root: string, pattern: string): string[] {
  const found = globSync(pattern, { cwd: root, ignore: ['**/node_modules/**'], expandDirectories: false }).toSorted();
  return found.length === 0 ? [pattern] : found;
}

interface RunInput extends TestFindingsInput {
  readonly command: TestCommand;
  readonly file: string;
}

async function run(
  args: readonly string[],
  { root, signal, runIsolated, command, file }: RunInput,
): Promise<TestOutput> {
  const { stdout, stderr } = await runNode(args, {
    cwd: root,
    signal,
    runIsolated,
    writable: [join(file, '..')],
    env: { CI: 'true', ...command.env },
    expectedExitCodes: ANY_EXIT_CODE,
  });
  const said = stripVTControlCharacters(stderr.trim() || stdout.trim()).slice(-200);
  if (!existsSync(file)) throw new AppError('upstream_failed', `${command.runner} wrote no results: ${said}`);
  try {
    return parseTestOutput(command.runner, await readFile(file, 'utf8'));
  } catch (error) {
    throw new AppError('upstream_failed', `what ${command.runner} wrote are not its results: ${said}`, {
      cause: error,
    });
  }
}

function skippedNote({ skipped }: TestCommand): string[] {
  return skipped.length === 0 ? [] : [`of the script \`test\`, not run: ${skipped.join('; ').slice(0, 200)}`];
}

function confinedNote({ runIsolated }: TestFindingsInput, { failed }: TestOutput): string[] {
  if (runIsolated === undefined || failed.length === 0) return [];
  return ['run shut in: tests that write into the workspace or need a network fail here'];
}

function foundOf(root: string, runner: string, { file, name, message, stack }: FailedTest): Found[] {
  const path = pathIn(realpathSync(root), resolve(root, file)) ?? pathIn(root, resolve(root, file));
  if (path === undefined) return [];
  const clean = stripVTControlCharacters(message).trim().split('\n').slice(0, MAX_MESSAGE_LINES).join('\n');
  return [
    {
      source: 'tests',
      rule: `tests/${runner}`,
      category: 'bug',
      severity: 'high',
      path,
      line: lineIn(stack, file),
      symbol: name === '' ? undefined : name,
      message: (name === '' ? clean : `${name}: ${clean}`).slice(0, MAX_MESSAGE),
      evidence: { stack: stripVTControlCharacters(stack).slice(0, MAX_STACK) },
    },
  ];
}

/** Where in its own file the test failed; undefined when it failed elsewhere. */
function lineIn(stack: string, file: string): number | undefined {
  const at = stack.indexOf(`${file}:`);
  const [, line] = /^:(\d+)/.exec(at === -1 ? '' : stack.slice(at + file.length)) ?? [];
  return line === undefined ? undefined : Number(line);
}
