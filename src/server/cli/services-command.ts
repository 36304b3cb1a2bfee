import type { Command } from 'commander';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { serviceViewSchema } from '../../supervisor/index.ts';
import { agreedCall } from '../mcp/agreed-call.ts';
import { didYouMean } from '../mcp/input-problem.ts';
import { plainCall } from '../mcp/surface-backend.ts';
import { callQuietly, pick } from './call-and-print.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';
import { addManifestCommands } from './manifest-commands.ts';
import { requireRunningBackend } from './running-master.ts';
import { serviceTable } from './service-table.ts';

const listSchema = z.object({ services: z.array(serviceViewSchema) });

const CONTROLS = [
  { action: 'start', about: 'start it, with what it depends on' },
  { action: 'stop', about: 'stop it; it stays so until it is started' },
  { action: 'restart', about: 'stop it if it runs, and start it' },
  { action: 'enable', about: 'let it be started again, and start it' },
  { action: 'disable', about: 'stop it; nothing starts it until it is enabled' },
] as const;

/** `services list`, `show`, `start`, …: by the running master; `allow` and `check` need none. */
export function servicesCommand(program: Command, deps: CliDeps): void {
  const services = program
    .command('services')
    .description('what is kept running: look at it, steer it, allow the manifest of a workspace');
  const list = services
    .command('list', { isDefault: true })
    .description('in the order of their start')
    .option('--state <state>', 'only those in this state: ready, failed, disabled, …');
  addCommonOptions(list.allowExcessArguments()).action(async (options: { state?: string }) => {
    refuseWords(services, list.args);
    const session = openSession(deps, list);
    const backend = await requireRunningBackend(session);
    const input = pick({ ...options }, ['state']);
    const { structured } = await callQuietly(session, backend, { tool: 'service_list', input });
    session.output.result(structured, serviceTable(listSchema.parse(structured).services, Date.now()).join('\n'));
  });
  const show = services.command('show <name>').description('one service, with its availability');
  addCommonOptions(show).action(async (name: string) => {
    const session = openSession(deps, show);
    const backend = await requireRunningBackend(session);
    const input = { name, availability: true };
    const { structured, text } = await callQuietly(session, backend, { tool: 'service_list', input });
    session.output.result(structured, text);
  });
  for (const control of CONTROLS) addControl(services, deps, control);
  addManifestCommands(services, deps);
}

/** What the tool wants agreed to is agreed to by typing the command. */
function addControl(services: Command, deps: CliDeps, { action, about }: (typeof CONTROLS)[number]): void {
  const control = services
    .command(`${action} <name>`)
    .description(about)
    .option('--reason <text>', 'why; kept with the service for stop and disable');
  addCommonOptions(control).action(async (name: string, options: object) => {
    const session = openSession(deps, control);
    const backend = await requireRunningBackend(session);
    const input = { name, action, ...pick({ ...options }, ['reason']) };
    const call = plainCall(session.signal);
    const { structured, text } = await agreedCall(backend, { tool: 'service_control', input, call });
    session.output.result(structured, text);
  });
}

function refuseWords(services: Command, [word]: readonly string[]): void {
  if (word === undefined) return;
  const names = services.commands.map((command) => command.name());
  throw new AppError('invalid_input', `There is no command \`services ${word}\`${didYouMean(word, names)}.`, {
    hint: `Commands: ${names.join(', ')}.`,
  });
}
