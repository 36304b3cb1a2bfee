import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { findOwner, openDataFolder } from '../../core/data-folder/index.ts';
import { AppError } from '../../core/errors.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';

/** Services have 30 s to stop, then they are killed; the rest takes moments. */
const GRACE_MS = 45_000;
const POLL_INTERVAL_MS = 100;

export function stopCommand(program: Command, deps: CliDeps): void {
  const command = program.command('stop').description('stop the master that runs on the data folder');
  addCommonOptions(command).action(async () => {
    const session = openSession(deps, command);
    const folder = openDataFolder(session.loaded.config.dataDir).path;
    const owner = findOwner(folder);
    if (owner === undefined) {
      session.output.result({ stopped: false, reason: 'not running' }, `no master runs on ${folder}`);
      return;
    }
    process.kill(owner.pid, 'SIGTERM');
    for (let waitedMs = 0; findOwner(folder)?.pid === owner.pid; waitedMs += POLL_INTERVAL_MS) {
      if (waitedMs >= GRACE_MS) throw stillUp(owner.pid);
      await delay(POLL_INTERVAL_MS, undefined, { signal: session.signal });
    }
    session.output.result({ stopped: true, pid: owner.pid }, `stopped (pid ${owner.pid})`);
  });
}

function stillUp(pid: number): AppError {
  return new AppError('timed_out', `The master (pid ${pid}) is still up ${GRACE_MS / 1000} s after SIGTERM.`, {
    hint: `Look at its log; \`kill -9 ${pid}\` ends it, and the next start recovers.`,
  });
}
