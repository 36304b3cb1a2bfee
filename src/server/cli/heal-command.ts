import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { renderRun, runSchema } from '../../runs/index.ts';
import type { Run } from '../../runs/index.ts';
import { AppError } from '../../core/errors.ts';
import { agreedCall } from '../mcp/agreed-call.ts';
import { plainCall } from '../mcp/surface-backend.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import { callQuietly, numberOption, pick } from './call-and-print.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { assertCompleted, followRun } from './follow-run.ts';
import { hasRunningMaster, IN_PROCESS, withBackend } from './with-backend.ts';

interface HealOptions {
  readonly wait?: boolean;
  readonly yes?: boolean;
  readonly llm?: string;
}

const INPUT_OPTIONS = ['mode', 'scope', 'maxTasks', 'minSeverity', 'sources', 'seed'];
const MOCK = 'mock:';
const EXAMPLES = `
Examples:
  lightdom heal                         what would be mended, and the evidence for it; nothing is kept but a report
  lightdom heal --mode branch           each verified fix on a branch agent/… of this repository
  lightdom heal --mode pull_request     asks before it pushes; drafts on GitHub, or files without a token`;

export function healCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('heal [dir]')
    .description('find what is wrong, mend it in a private copy, verify it; dry_run unless told otherwise')
    .option('--mode <mode>', 'dry_run, branch or pull_request (default: dry_run)')
    .option('--scope <path>', 'only findings under this path, or matching this glob')
    .option('--max-tasks <n>', 'findings that are tried, at most 50 (default: 10)', numberOption)
    .option('--min-severity <severity>', 'critical, high, medium, low or info')
    .option('--source <name>', 'only findings of this source, repeatable', collect)
    .option('--seed <n>', 'for what is drawn: the same seed, the same mutants', numberOption)
    .option('--llm <model>', 'mock:FILE plays a script of answers in place of a model')
    .option('--yes', 'agree now to what the run will ask before it pushes')
    .option('--wait', 'follow the run to its end (always so when no master runs)')
    .addHelpText('after', EXAMPLES);
  addCommonOptions(command).action(async (dir: string | undefined, options: HealOptions & { source?: string[] }) => {
    const session = openHealSession(deps, command, { dir, llm: options.llm });
    const input = { ...pick({ ...options, sources: options.source }, INPUT_OPTIONS) };
    const run = await heal(session, { input, options });
    session.output.result(run, reportOf(run));
    assertCompleted(run);
  });
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function openHealSession(
  deps: CliDeps,
  command: Command,
  { dir, llm }: { readonly dir: string | undefined; readonly llm: string | undefined },
): CliSession {
  const overrides = {
    ...IN_PROCESS.overrides,
    ...(dir !== undefined && { workspace: resolve(dir) }),
    ...(llm !== undefined && { 'ai.provider': 'mock', 'ai.mock.script': scriptOf(llm) }),
  };
  const session = openSession(deps, command, { ...IN_PROCESS, overrides });
  if (llm !== undefined && hasRunningMaster(session)) {
    throw new AppError('conflict', 'A master runs on this data folder, and it has the model of its configuration.', {
      hint: 'Stop it, or give another --data-dir, to play a script.',
    });
  }
  return session;
}

function scriptOf(llm: string): string {
  if (llm.startsWith(MOCK) && llm.length > MOCK.length) return resolve(llm.slice(MOCK.length));
  throw new AppError('invalid_input', `\`--llm ${llm}\` names no script.`, {
    hint: 'Write --llm mock:FILE; models are configured under `ai`.',
  });
}

interface HealRequest {
  readonly input: Readonly<Record<string, unknown>>;
  readonly options: HealOptions;
}

function heal(session: CliSession, { input, options }: HealRequest): Promise<Run> {
  const { workspace } = session.loaded.config;
  const mustWait = options.wait === true || options.yes === true || !hasRunningMaster(session);
  return withBackend(session, async (backend) => {
    const answer = await callQuietly(session, backend, { tool: 'agent_heal', input: { workspace, ...input } });
    const { run } = z.object({ run: runSchema }).parse(answer.structured);
    if (!mustWait) return run;
    if (options.yes !== true) return followRun(session, backend, run.runId);
    return followAgreeing(session, backend, run.runId);
  });
}

/** Whoever has typed --yes has agreed to what the run will ask. */
async function followAgreeing(session: CliSession, backend: SurfaceBackend, runId: string): Promise<Run> {
  const watched = new AbortController();
  const agreeing = agreeWhenAsked(session, backend, { runId, signal: watched.signal });
  try {
    return await Promise.race([followRun(session, backend, runId), agreeing]);
  } finally {
    watched.abort();
  }
}

const LOOK_INTERVAL_MS = 500;

/** Rejects when the approval could not be given; never resolves otherwise. */
async function agreeWhenAsked(
  session: CliSession,
  backend: SurfaceBackend,
  { runId, signal }: { readonly runId: string; readonly signal: AbortSignal },
): Promise<never> {
  const ended = new Promise<never>(() => {});
  for (;;) {
    await delay(LOOK_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return ended;
    const answer = await callQuietly(session, backend, { tool: 'run_get', input: { runId } }).catch(() => undefined);
    const run = z.object({ run: runSchema }).safeParse(answer?.structured).data?.run;
    if (run?.status !== 'waiting_approval') continue;
    const input = { runId, action: 'approve', reason: 'agreed to on the command line' };
    await agreedCall(backend, { tool: 'run_control', input, call: plainCall(session.signal) });
  }
}

/** What was tried, as agents read it. */
function reportOf(run: Run): string {
  const text = z.object({ report: z.string() }).safeParse(run.result).data?.report;
  return [renderRun(run), ...(text === undefined ? [] : ['', text])].join('\n');
}
