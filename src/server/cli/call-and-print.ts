import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { ToolAnswer } from '../../surface/index.ts';
import { agreedCall } from '../mcp/agreed-call.ts';
import { plainCall } from '../mcp/surface-backend.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import { openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { IN_PROCESS, withBackend } from './with-backend.ts';

/** A tool with the input that a command line makes of its words. */
export interface ToolRequest {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * A command that is one tool: by the running master, else by one of its own. What a tool wants agreed to is agreed to by
 * typing the command.
 */
export async function callAndPrint(command: Command, deps: CliDeps, request: ToolRequest): Promise<void> {
  const session = openSession(deps, command, IN_PROCESS);
  const answer = await withBackend(session, (backend) =>
    agreedCall(backend, { ...request, call: plainCall(session.signal) }),
  );
  session.output.result(answer.structured, answer.text);
}

export function callQuietly(
  session: Pick<CliSession, 'signal'>,
  backend: SurfaceBackend,
  { tool, input }: ToolRequest,
): Promise<ToolAnswer> {
  return backend.callTool(tool, input, plainCall(session.signal));
}

/** An option that is a number; whether it fits, the tool says. */
export function numberOption(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It is not a number.');
}

/** The named options that were given. */
export function pick(options: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}
