import { once } from 'node:events';
import process from 'node:process';
import type { Command } from 'commander';
import { databaseUrlOf } from '../../core/config/index.ts';
import type { LoadedConfig } from '../../core/config/index.ts';
import { openDataFolder } from '../../core/data-folder/index.ts';
import { AppError } from '../../core/errors.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession, CliWorker } from './cli-session.ts';

interface WorkerFlags {
  readonly queues?: string;
}

export function workerCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('worker')
    .description(
      'execute runs in this process, beside a master or on another machine; Ctrl-C hands them over and stops',
    )
    .option('--queues <names>', 'runs, batches, or both with a comma (default: both)')
    .addHelpText(
      'after',
      '\nIt joins the Postgres of DATABASE_URL, else the one that a master runs on the data folder. Any number of workers may join.',
    );
  addCommonOptions(command).action((flags: WorkerFlags) => work(openSession(deps, command), flags));
}

async function work(session: CliSession, flags: WorkerFlags): Promise<void> {
  const { deps, loaded, log, output, signal } = session;
  const queues = flags.queues?.split(',').map((name) => name.trim());
  const worker = await deps.createWorker({ loaded, log, databaseUrl: await databaseOf(loaded), queues });
  const executorId = await worker.start();
  output.result(
    { executorId, pid: process.pid },
    `worker ${executorId} (pid ${process.pid}) executes runs; Ctrl-C stops.`,
  );
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
  const { findRunningCluster } = await import('../../core/db/index.ts');
  const running = await findRunningCluster(postgresPath);
  if (running !== undefined) return running;
  throw new AppError('not_configured', `There is no database to join: no master runs on ${path}.`, {
    hint: 'Set DATABASE_URL, or start a master with `lightdom start` and give its --data-dir.',
  });
}
