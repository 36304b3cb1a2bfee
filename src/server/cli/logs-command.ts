import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { AppError, ERROR_TABLE } from '../../core/errors.ts';
import { renderServiceLine, serviceLineSchema } from '../../supervisor/index.ts';
import type { ServiceLine } from '../../supervisor/index.ts';
import { callQuietly, numberOption } from './call-and-print.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { LogCursor } from './log-cursor.ts';
import { requireRunningBackend } from './running-master.ts';

const POLL_MS = 400;
/** More lines than this between two looks, and some are left out. */
const MOST_LINES = 1_000;

const answerSchema = z.object({ lines: z.array(serviceLineSchema) });

interface LogsWish {
  readonly name?: string;
  readonly tail: number;
  readonly since?: string;
}

export function logsCommand(program: Command, deps: CliDeps): void {
  const logs = program
    .command('logs [name]')
    .description('what a service wrote, or all of them, in the order of time')
    .option('-f, --follow', 'go on until Ctrl-C, over restarts of the master')
    .option('--tail <n>', 'at most so many of what is there', numberOption, 100)
    .option('--since <time>', 'only lines after this time (ISO 8601)')
    .addHelpText('after', '\nWith --json each line is a JSON document of its own.');
  addCommonOptions(logs).action(
    async (name: string | undefined, options: { follow?: boolean; tail: number; since?: string }) => {
      const session = openSession(deps, logs);
      const { tail, since } = options;
      const named = name === undefined ? {} : { name };
      const wish = { ...named, tail, ...(since === undefined ? {} : { since }) };
      const cursor = new LogCursor();
      print(session, cursor.take(await ask(session, wish)));
      if (options.follow === true) await follow(session, cursor, named);
    },
  );
}

/** Ctrl-C is how it ends. A master that is away is waited for. */
async function follow(session: CliSession, cursor: LogCursor, named: Pick<LogsWish, 'name'>): Promise<void> {
  const { signal, output } = session;
  let isAway = false;
  while (!signal.aborted) {
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const { since } = cursor;
    try {
      print(session, cursor.take(await ask(session, { ...named, tail: MOST_LINES, ...(since && { since }) })));
      isAway = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AppError) || !ERROR_TABLE[error.code].retryable) throw error;
      if (!isAway) output.note('the master does not answer; waiting for it');
      isAway = true;
    }
  }
}

async function ask(session: CliSession, input: LogsWish): Promise<readonly ServiceLine[]> {
  const backend = await requireRunningBackend(session);
  const { structured } = await callQuietly(session, backend, { tool: 'service_logs', input: { ...input } });
  return answerSchema.parse(structured).lines;
}

function print({ output }: CliSession, lines: readonly ServiceLine[]): void {
  for (const line of lines) output.record(line, renderServiceLine(line));
}
