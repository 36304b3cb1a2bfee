import { once } from 'node:events';
import process from 'node:process';
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { databaseUrlOf, loadConfig } from '../../core/config/index.ts';
import type { LoadedConfig } from '../../core/config/index.ts';
import { openDataFolder } from '../../core/data-folder/index.ts';
import { findRunningCluster } from '../../core/db/index.ts';
import { AppError } from '../../core/errors.ts';
import { createLog } from '../../core/log.ts';
import { addCommonOptions, interruptSignal, openSession } from './cli-session.ts';
import type { CliDeps, CliSession, CliWorker } from './cli-session.ts';

interface WorkerFlags {
  readonly queues?: string;
  readonly child?: boolean;
}

export function workerCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('worker')
    .description('execute runs in this process, beside a master or on another machine; Ctrl-C hands them over and stops')
    .option('--queues <names>', 'runs, batches, or both with a comma (default: both)')
    .addHelpText(
      'after',
      '\nIt joins the Postgres of DATABASE_URL, else the one that a master runs on the data folder. Any number of workers may join.',
    );
  command.addOption(new Option('--child', 'started by a master, which says the rest by message').hideHelp());
  addCommonOptions(command).action(async (flags: WorkerFlags) => {
    if (flags.child === true) await workForParent(deps);
    else await work(openSession(deps, command), flags);
  });
}

async function work(session: CliSession, flags: WorkerFlags): Promise<void> {
  const { deps, loaded, log, output, signal } = session;
  const queues = flags.queues?.split(',').map((name) => name.trim());
  const worker = deps.createWorker({ loaded, log, databaseUrl: await databaseOf(loaded), queues });
  const executorId = await worker.start();
  output.result({ executorId, pid: process.pid }, `worker ${executorId} (pid ${process.pid}) executes runs; Ctrl-C stops.`);
  await until(signal, worker);
  output.note(`worker ${executorId} stopped`);
}

async function until(signal: AbortSignal, worker: CliWorker): Promise<void> {
  try {
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await worker.stop();
  }
}

async function databaseOf(loaded: LoadedConfig): Promise<string> {
  const given = databaseUrlOf(loaded);
  if (given !== undefined) return given;
  const { path, postgresPath } = openDataFolder(loaded.config.dataDir);
  const running = await findRunningCluster(postgresPath);
  if (running !== undefined) return running;
  throw new AppError('not_configured', `There is no database to join: no master runs on ${path}.`, {
    hint: 'Set DATABASE_URL, or start a master with `lightdom start` and give its --data-dir.',
  });
}

const setupSchema = z.object({ config: z.looseObject({ database: z.object({ url: z.string() }) }) });

/** Its configuration comes by message, since it holds secrets; it ends with its parent, however that ends. */
async function workForParent(deps: CliDeps): Promise<void> {
  const over = AbortSignal.any([interruptSignal(), disconnectSignal()]);
  const [message]: unknown[] = await once(process, 'message', { signal: over });
  const { config } = setupSchema.parse(message);
  const loaded = loadConfig({ input: config, env: {} });
  const log = createLog({ level: loaded.config.log.level, file: loaded.config.log.file });
  const worker = deps.createWorker({ loaded, log, databaseUrl: config.database.url });
  const executorId = await worker.start();
  process.send?.({ ready: { executorId } });
  await until(over, worker);
  if (process.connected) process.disconnect();
}

function disconnectSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('disconnect', () => controller.abort(new AppError('cancelled', 'The master is gone.')));
  return controller.signal;
}
