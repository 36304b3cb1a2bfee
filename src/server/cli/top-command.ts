import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { answerOf } from '../../core/bounded-fetch.ts';
import { findOwner, openDataFolder } from '../../core/data-folder/index.ts';
import { AppError, ERROR_TABLE } from '../../core/errors.ts';
import { serviceViewSchema } from '../../supervisor/index.ts';
import type { ServiceView } from '../../supervisor/index.ts';
import { callQuietly } from './call-and-print.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { withLiveScreen } from './live-screen.ts';
import { masterNumbers, renderNumbers } from './master-numbers.ts';
import type { MasterNumbers } from './master-numbers.ts';
import { requireRunningBackend } from './running-master.ts';
import { serviceTable } from './service-table.ts';

const REFRESH_MS = 1_000;
const MAX_NUMBER_BYTES = 4 * 1024 * 1024;

const listSchema = z.object({ services: z.array(serviceViewSchema) });

interface Look {
  readonly services: readonly ServiceView[];
  readonly numbers: MasterNumbers;
}

export function topCommand(program: Command, deps: CliDeps): void {
  const top = program
    .command('top')
    .description('services, runs and the master, again and again; Ctrl-C ends it')
    .option('--once', 'print it once; so it is where stdout is no terminal');
  addCommonOptions(top).action(async (options: { once?: boolean; json?: boolean }) => {
    const session = openSession(deps, top);
    if (options.once !== true && options.json !== true && process.stdout.isTTY) return watch(session);
    const seen = await look(session);
    session.output.result(seen, linesOf(seen).join('\n'));
  });
}

/** A master that is away is waited for. */
async function watch(session: CliSession): Promise<void> {
  const { signal } = session;
  await requireRunningBackend(session);
  await withLiveScreen(async (show) => {
    while (!signal.aborted) {
      try {
        show([`lightdom top  ${new Date().toISOString().slice(11, 19)}Z`, ...linesOf(await look(session))]);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof AppError) || !ERROR_TABLE[error.code].retryable) throw error;
        show(['the master does not answer; waiting for it']);
      }
      await delay(REFRESH_MS, undefined, { signal }).catch(() => {});
    }
  });
}

async function look(session: CliSession): Promise<Look> {
  const backend = await requireRunningBackend(session);
  const [{ structured }, numbers] = await Promise.all([
    callQuietly(session, backend, { tool: 'service_list', input: {} }),
    numbersOf(session),
  ]);
  return { services: listSchema.parse(structured).services, numbers };
}

async function numbersOf({ loaded, signal }: CliSession): Promise<MasterNumbers> {
  const folder = openDataFolder(loaded.config.dataDir);
  const url = findOwner(folder.path)?.url;
  if (url === undefined) return masterNumbers('');
  const headers = { authorization: `Bearer ${folder.readToken()}` };
  const bounds = { maxBytes: MAX_NUMBER_BYTES, signal, headers };
  const answer = await answerOf(new URL('/metrics', url), bounds).catch(() => undefined);
  return masterNumbers(answer?.status === 200 ? answer.text : '');
}

function linesOf({ services, numbers }: Look): string[] {
  return [renderNumbers(numbers), '', ...serviceTable(services, Date.now())];
}
