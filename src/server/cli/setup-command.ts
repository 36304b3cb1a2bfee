import { join, resolve } from 'node:path';
import process from 'node:process';
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { userPlaces } from '../../core/config/index.ts';
import { openDataFolder } from '../../core/data-folder/index.ts';
import { AppError } from '../../core/errors.ts';
import { POLICY_HEADERS } from '../dispatch/tool-policy.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import type { HttpServer } from './hosts/host.ts';
import { getHost, hostSetupOf } from './hosts/host-setup.ts';
import type { HostSetup, ServerOf } from './hosts/host-setup.ts';
import { HOSTS } from './hosts/host-table.ts';
import { launchOf } from './hosts/server-launch.ts';
import { writeSetup } from './hosts/write-setup.ts';
import type { Written } from './hosts/write-setup.ts';

const flagsSchema = z.object({
  write: z.boolean().default(false),
  force: z.boolean().default(false),
  scope: z.enum(['user', 'project']),
  transport: z.enum(['stdio', 'http']),
  toolsets: z.string().optional(),
  excludeTools: z.string().optional(),
  readOnly: z.boolean().default(false),
  showToken: z.boolean().default(false),
  dataDir: z.string().optional(),
  config: z.string().optional(),
});

type Flags = z.infer<typeof flagsSchema>;

export function setupCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('setup [host]')
    .description('show how to tell an MCP host of this server, or write it into its settings; without a host: the list')
    .option('--write', 'merge it into the file of the host, with a copy of the former one beside it')
    .option('--force', 'with --write: replace another entry of the same name')
    .addOption(new Option('--scope <which>', 'whose settings').choices(['user', 'project']).default('user'))
    .addOption(new Option('--transport <kind>', 'how it is reached').choices(['stdio', 'http']).default('stdio'))
    .option('--toolsets <ids>', 'toolsets that are listed, with commas')
    .option('--exclude-tools <names>', 'tools that nobody may call, with commas')
    .option('--read-only', 'only tools that change nothing')
    .option('--show-token', 'with --transport http: put the token itself into the snippet');
  addCommonOptions(command).action((host: string | undefined) => {
    const session = openSession(deps, command);
    if (host === undefined) listHosts(session);
    else setUp(session, host, flagsSchema.parse(command.optsWithGlobals()));
  });
}

function listHosts({ output }: CliSession): void {
  const places = userPlaces();
  const hosts = HOSTS.map((host) => ({
    host: host.id,
    title: host.title,
    file: host.userFile(places),
    projectFile: host.projectFile,
    transports: host.http === undefined ? ['stdio'] : ['stdio', 'http'],
  }));
  const lines = hosts.map(({ host, title, file }) => `${host.padEnd(16)} ${title.padEnd(16)} ${file}`);
  output.result(hosts, lines.join('\n'));
}

function setUp(session: CliSession, id: string, flags: Flags): void {
  const { config } = session.loaded;
  const host = getHost(id);
  const project = config.workspace;
  const setup = hostSetupOf({
    ...serverOf(session, flags),
    host,
    scope: flags.scope,
    project,
    places: userPlaces(),
    tokenFile: join(config.dataDir, 'token'),
  });
  const { scope, force: replace } = flags;
  const written = flags.write ? writeSetup({ host, setup, scope, project, replace }) : undefined;
  const { file, snippet, command, notes } = setup;
  const answer = { host: id, title: host.title, scope, transport: flags.transport, file, snippet, command, notes };
  session.output.result({ ...answer, ...written }, textOf(host.title, setup, written));
}

function serverOf(session: CliSession, flags: Flags): ServerOf {
  if (flags.transport === 'http') return { transport: 'http', server: httpServerOf(session, flags) };
  const args = ['--workspace', session.loaded.config.workspace, ...whereOf(flags), ...policyOf(flags)];
  return { transport: 'stdio', server: launchOf({ main: session.deps.mainFile, platform: process.platform, args }) };
}

/** A server that is to find the same data must be told what this command was told. */
function whereOf({ dataDir, config }: Flags): string[] {
  return [
    ...(dataDir === undefined ? [] : ['--data-dir', resolve(dataDir)]),
    ...(config === undefined ? [] : ['--config', resolve(config)]),
  ];
}

function policyOf({ toolsets, excludeTools, readOnly }: Flags): string[] {
  return [
    ...(toolsets === undefined ? [] : ['--toolsets', toolsets]),
    ...(excludeTools === undefined ? [] : ['--exclude-tools', excludeTools]),
    ...(readOnly ? ['--read-only'] : []),
  ];
}

function httpServerOf({ loaded }: CliSession, flags: Flags): HttpServer {
  const { toolsets, excludeTools, readOnly } = flags;
  const headers = {
    ...(toolsets === undefined ? {} : { [POLICY_HEADERS.toolsets]: toolsets }),
    ...(excludeTools === undefined ? {} : { [POLICY_HEADERS.excludeTools]: excludeTools }),
    ...(readOnly ? { [POLICY_HEADERS.readOnly]: 'true' } : {}),
  };
  const token = flags.showToken ? openDataFolder(loaded.config.dataDir).readToken() : undefined;
  return { url: urlOf(loaded.config.http), headers, token };
}

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Throws `not_configured` where the address is another one at every start. */
function urlOf({ enabled, host, port }: { enabled: boolean; host: string; port: number }): string {
  if (!enabled || port === 0) {
    throw new AppError('not_configured', enabled ? 'The port is 0: any free one.' : 'http.enabled is false.', {
      hint: 'Choose a fixed port with --port, or use --transport stdio.',
    });
  }
  const name = EVERY_ADDRESS.has(host) ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}/mcp`;
}

function textOf(title: string, setup: HostSetup, written: Written | undefined): string {
  return [...(written === undefined ? proposal(title, setup) : report(title, setup, written)), ...setup.notes].join(
    '\n',
  );
}

function proposal(title: string, { file, snippet, command }: HostSetup): string[] {
  const or = command === undefined ? [] : [`Or run:`, '', `  ${command}`, ''];
  return [`${title}: add this to ${file} (--write does it)`, '', snippet, ...or];
}

function report(title: string, { file }: HostSetup, { isChanged, backup }: Written): string[] {
  if (!isChanged) return [`${title}: ${file} already has it; nothing was changed.`];
  const copy = backup === undefined ? [] : [`Its former version: ${backup}`];
  return [`${title}: written to ${file}; start ${title} anew.`, ...copy];
}
