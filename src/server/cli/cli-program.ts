import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { AppError, describeError, ERROR_TABLE, messageOf } from '../../core/errors.ts';
import { callCommand } from './call-command.ts';
import type { CliDeps } from './cli-session.ts';
import { configCommand } from './config-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { indexCommand } from './index-command.ts';
import { mcpCommand } from './mcp-command.ts';
import { runsCommand } from './runs-command.ts';
import { secretCommand } from './secret-command.ts';
import { setupCommand } from './setup-command.ts';
import { startCommand } from './start-command.ts';
import { statusCommand } from './status-command.ts';
import { stopCommand } from './stop-command.ts';
import { workerCommand } from './worker-command.ts';

const COMMANDS = [
  startCommand,
  stopCommand,
  statusCommand,
  mcpCommand,
  workerCommand,
  indexCommand,
  callCommand,
  runsCommand,
  setupCommand,
  configCommand,
  secretCommand,
  doctorCommand,
];

/**
 * Runs one command line and returns its exit code: 0 done, 1 failed, 2 usage, 3 not configured, 4 refused,
 * 130 interrupted.
 */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  const program = new Command('lightdom')
    .description('An MCP server by which an AI agent controls a whole development platform.')
    .version(deps.version)
    .exitOverride()
    .showSuggestionAfterError();
  for (const add of COMMANDS) add(program, deps);
  inheritExit(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportFailure(error);
  }
}

/** Commander copies settings to a subcommand only when it makes it; these were made before. */
function inheritExit(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride();
    inheritExit(child);
  }
}

function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof AppError) {
    process.stderr.write(`lightdom: ${describeError(error)}\n`);
    return ERROR_TABLE[error.code].exitCode;
  }
  process.stderr.write(`lightdom: internal error: ${messageOf(error)}\n`);
  return 1;
}
