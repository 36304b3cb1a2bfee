import { join } from 'node:path';
import type { UserPlaces } from '../../../core/config/index.ts';
import { AppError } from '../../../core/errors.ts';
import { SERVER_NAME, TOKEN_VARIABLE } from './host.ts';
import type { Host, HttpServer, Scope, Settings, StdioServer } from './host.ts';
import { HOSTS } from './host-table.ts';
import { renderYaml } from './render-yaml.ts';
import { shellLine } from './server-launch.ts';
import { renderToml } from './toml-merge.ts';

export type ServerOf =
  | { readonly transport: 'stdio'; readonly server: StdioServer }
  | { readonly transport: 'http'; readonly server: HttpServer };

export type SetupRequest = ServerOf & {
  readonly host: Host;
  readonly scope: Scope;
  readonly project: string;
  readonly places: UserPlaces;
  /** Where the token is kept. */
  readonly tokenFile: string;
};

/** How to tell one host of the server. */
export interface HostSetup {
  /** The file that the snippet belongs into. */
  readonly file: string;
  readonly snippet: string;
  /** The snippet as the members that it adds to the file. */
  readonly document: Settings;
  /** The entry of the server alone. */
  readonly entry: Settings;
  /** The host's own command that does the same. */
  readonly command: string | undefined;
  readonly notes: readonly string[];
  /** The token itself is in the snippet. */
  readonly isSecret: boolean;
  /** In the place of the token there is a word that has to be replaced. */
  readonly lacksToken: boolean;
}

/** Throws `not_found` that names the hosts there are. */
export function getHost(id: string): Host {
  const host = HOSTS.find((one) => one.id === id);
  if (host !== undefined) return host;
  throw new AppError('not_found', `There is no host "${id}".`, {
    hint: `Known: ${HOSTS.map((one) => one.id).join(', ')}. Others start \`lightdom mcp\` over stdio.`,
  });
}

/** Throws `unsupported` for a transport or a scope that the host does not have. */
export function hostSetupOf(request: SetupRequest): HostSetup {
  const { host, transport, server } = request;
  const entry = entryOf(request);
  const isSecret = transport === 'http' && server.token !== undefined;
  const isReferred = transport === 'http' && !isSecret;
  const beside = isReferred ? (host.beside ?? {}) : {};
  const document = { ...beside, [host.key]: { [SERVER_NAME]: entry } };
  const words = commandOf(request);
  return {
    file: fileOf(request),
    snippet: snippetOf(host, document, entry),
    document,
    entry,
    command: words === undefined ? undefined : shellLine(words, request.places.platform),
    notes: notesOf(request),
    isSecret,
    lacksToken: isReferred && host.tokenReference === undefined,
  };
}

function entryOf({ host, transport, server }: SetupRequest): Settings {
  if (transport === 'stdio') return host.stdio(server);
  if (host.http !== undefined) return host.http(server);
  throw new AppError('unsupported', `${host.title} does not reach local servers by HTTP.`, {
    hint: 'Leave out --transport: over stdio the server attaches to the master that runs, or becomes it.',
  });
}

function fileOf({ host, scope, project, places }: SetupRequest): string {
  if (scope === 'user') return host.userFile(places);
  if (host.projectFile !== undefined) return join(project, host.projectFile);
  throw new AppError('unsupported', `${host.title} has no settings of a project.`, { hint: 'Leave out --scope.' });
}

function commandOf({ host, scope, transport, server }: SetupRequest): readonly string[] | undefined {
  return transport === 'stdio' ? host.stdioCommand?.(server, scope) : host.httpCommand?.(server, scope);
}

function snippetOf(host: Host, document: Settings, entry: Settings): string {
  switch (host.format) {
    case 'json':
    case 'jsonc':
      return `${JSON.stringify(document, null, 2)}\n`;
    case 'toml':
      return renderToml(host.key, entry);
    case 'yaml':
      return renderYaml(document);
  }
}

function notesOf({ host, transport, server, tokenFile, places }: SetupRequest): string[] {
  if (transport === 'stdio') return [];
  const master = 'A master must run: `lightdom start`.';
  if (server.token !== undefined) return [master, 'The snippet holds the token: keep it out of repositories.'];
  if (host.asksForToken === true) return [master, `${host.title} asks for the token once; it is in ${tokenFile}.`];
  if (host.tokenReference === undefined) {
    return [
      master,
      `${host.title} can only hold the token itself; it is in ${tokenFile}, and --show-token puts it in.`,
    ];
  }
  return [master, `Start ${host.title} with the token in its environment: ${exportLine(tokenFile, places.platform)}`];
}

function exportLine(tokenFile: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `set /p ${TOKEN_VARIABLE}=<"${tokenFile}"`;
  return `export ${TOKEN_VARIABLE}="$(cat ${shellLine([tokenFile], platform)})"`;
}
