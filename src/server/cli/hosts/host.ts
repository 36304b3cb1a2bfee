import type { UserPlaces } from '../../../core/config/index.ts';

/** The server by a command that the host starts, and talks to over stdio. */
export interface StdioServer {
  readonly command: string;
  readonly args: readonly string[];
}

/** The server by the address of a master that runs. */
export interface HttpServer {
  readonly url: string;
  /** All headers but the one with the token. */
  readonly headers: Readonly<Record<string, string>>;
  /** The token itself, when it may be shown; else the host is told where to take it from. */
  readonly token: string | undefined;
}

/** What a file of settings can hold. */
export type Setting = string | number | boolean | readonly Setting[] | { readonly [name: string]: Setting };
export type Settings = { readonly [name: string]: Setting };

export function isList(setting: Setting | undefined): setting is readonly Setting[] {
  return Array.isArray(setting);
}

export function isTable(setting: Setting | undefined): setting is Settings {
  return typeof setting === 'object' && !isList(setting);
}

export type Scope = 'user' | 'project';

/** A program that runs MCP servers for its agent, and how it wants to be told of one. */
export interface Host {
  readonly id: string;
  readonly title: string;
  /** `jsonc` is JSON that may have comments and commas behind the last member. */
  readonly format: 'json' | 'jsonc' | 'toml' | 'yaml';
  userFile(places: UserPlaces): string;
  /** Relative to the project; a host without one has only the file of its user. */
  readonly projectFile?: string;
  /** The member of the file that holds the servers by name. */
  readonly key: string;
  /** The member that stands for a server started by the host. */
  stdio(server: StdioServer): Settings;
  /** The same for a server that is reached by HTTP; a host without it can't. */
  http?(server: HttpServer): Settings;
  /** How its file refers to the token, which is then given apart; undefined where it can only hold the token itself. */
  readonly tokenReference?: string;
  /** Whether the host asks for the token itself; else it reads the environment it was started in. */
  readonly asksForToken?: true;
  /** What belongs beside the servers for a token that is referred to. */
  readonly beside?: Settings;
  /** The host's own command that does the same, word by word; undefined when it can't for this server. */
  stdioCommand?(server: StdioServer, scope: Scope): readonly string[] | undefined;
  httpCommand?(server: HttpServer, scope: Scope): readonly string[] | undefined;
}

/** Name of the server in every host. */
export const SERVER_NAME = 'lightdom';

/** Not one of the `LIGHTDOM_` variables: those are keys of the configuration, and an unknown one is an error. */
export const TOKEN_VARIABLE = 'MCP_LIGHTDOM_TOKEN';
