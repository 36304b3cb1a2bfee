import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { AppError, describeError, ERROR_TABLE, messageOf } from '../../core/errors.ts';
import type { CliDeps } from './cli-session.ts';

type AddCommand = (program: Command, deps: CliDeps) => void;

/** Each in the order of the help. A command line loads its own alone: agents wait for `mcp` to answer. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  start: async () => (await import('./start-command.ts')).startCommand,
  stop: async () => (await import('./stop-command.ts')).stopCommand,
  status: async () => (await import('./status-command.ts')).statusCommand,
  mcp: async () => (await import('./mcp-command.ts')).mcpCommand,
  worker: async () => (await import('./worker-command.ts')).workerCommand,
  index: async () => (await import('./index-command.ts')).indexCommand,
  heal: async () => (await import('./heal-command.ts')).healCommand,
  agent: async () => (await import('./agent-command.ts')).agentCommand,
  call: async () => (await import('./call-command.ts')).callCommand,
  tools: async () => (await import('./tools-command.ts')).toolsCommand,
  runs: async () => (await import('./runs-command.ts')).runsCommand,
  services: async () => (await import('./services-command.ts')).servicesCommand,
  logs: async () => (await import('./logs-command.ts')).logsCommand,
  top: async () => (await import('./top-command.ts')).topCommand,
  setup: async () => (await import('./setup-command.ts')).setupCommand,
  config: async () => (await import('./config-command.ts')).configCommand,
  secret: async () => (await import('./secret-command.ts')).secretCommand,
  doctor: async () => (await import('./doctor-command.ts')).doctorCommand,
};

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
  for (const add of await commandsFor(argv)) add(program, deps);
  inheritExit(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportFailure(error);
  }
}

/** All of them where the first word names none: for the help, and for what was meant. */
function commandsFor([word = '']: readonly string[]): Promise<readonly AddCommand[]> {
  const own = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  return Promise.all((own === undefined ? Object.values(COMMANDS) : [own]).map((load) => load()));
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
