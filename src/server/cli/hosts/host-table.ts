import { posix, win32 } from 'node:path';
import type { UserPlaces } from '../../../core/config/index.ts';
import { SERVER_NAME, TOKEN_VARIABLE } from './host.ts';
import type { Host, HttpServer, Settings, StdioServer } from './host.ts';

const SHELL_REFERENCE = `\${${TOKEN_VARIABLE}}`;
const EDITOR_REFERENCE = `\${env:${TOKEN_VARIABLE}}`;
const INPUT_ID = 'lightdom-token';

/** Every host that `lightdom setup` knows, as its documentation of autumn 2026 has it. */
export const HOSTS: readonly Host[] = [
  {
    id: 'claude-desktop',
    title: 'Claude Desktop',
    format: 'json',
    userFile: (places) => at(places, places.appConfig, 'Claude', 'claude_desktop_config.json'),
    key: 'mcpServers',
    stdio: plainStdio,
  },
  {
    id: 'claude-code',
    title: 'Claude Code',
    format: 'json',
    userFile: (places) => at(places, places.env['CLAUDE_CONFIG_DIR'] ?? places.home, '.claude.json'),
    projectFile: '.mcp.json',
    key: 'mcpServers',
    stdio: typedStdio,
    http: (server) => ({ type: 'http', url: server.url, headers: withToken(server, SHELL_REFERENCE) }),
    tokenReference: SHELL_REFERENCE,
    stdioCommand: ({ command, args }, scope) => [...claudeAdd(scope), SERVER_NAME, '--', command, ...args],
    // Its --header takes all words that follow it, so it comes last.
    httpCommand: (server, scope) => [
      ...claudeAdd(scope),
      '--transport',
      'http',
      SERVER_NAME,
      server.url,
      ...headerWords(withToken(server, SHELL_REFERENCE)),
    ],
  },
  {
    id: 'vscode',
    title: 'VS Code',
    format: 'jsonc',
    userFile: (places) => at(places, places.appConfig, 'Code', 'User', 'mcp.json'),
    projectFile: '.vscode/mcp.json',
    key: 'servers',
    stdio: typedStdio,
    http: (server) => ({ type: 'http', url: server.url, headers: withToken(server, `\${input:${INPUT_ID}}`) }),
    tokenReference: `\${input:${INPUT_ID}}`,
    asksForToken: true,
    beside: {
      inputs: [
        { type: 'promptString', id: INPUT_ID, description: 'Token of the LightDom data folder', password: true },
      ],
    },
    stdioCommand: (server, scope) =>
      scope === 'user'
        ? ['code', '--add-mcp', JSON.stringify({ name: SERVER_NAME, ...typedStdio(server) })]
        : undefined,
  },
  {
    id: 'cursor',
    title: 'Cursor',
    format: 'json',
    userFile: (places) => at(places, places.home, '.cursor', 'mcp.json'),
    projectFile: '.cursor/mcp.json',
    key: 'mcpServers',
    stdio: typedStdio,
    http: (server) => ({ url: server.url, headers: withToken(server, EDITOR_REFERENCE) }),
    tokenReference: EDITOR_REFERENCE,
  },
  {
    id: 'codex',
    title: 'Codex',
    format: 'toml',
    userFile: (places) => at(places, places.env['CODEX_HOME'] ?? at(places, places.home, '.codex'), 'config.toml'),
    projectFile: '.codex/config.toml',
    key: 'mcp_servers',
    stdio: plainStdio,
    http: codexHttp,
    tokenReference: TOKEN_VARIABLE,
    stdioCommand: ({ command, args }, scope) =>
      scope === 'user' ? ['codex', 'mcp', 'add', SERVER_NAME, '--', command, ...args] : undefined,
    httpCommand: ({ url, token, headers }, scope) =>
      scope === 'user' && token === undefined && Object.keys(headers).length === 0
        ? ['codex', 'mcp', 'add', SERVER_NAME, '--url', url, '--bearer-token-env-var', TOKEN_VARIABLE]
        : undefined,
  },
  {
    id: 'gemini',
    title: 'Gemini CLI',
    format: 'jsonc',
    userFile: (places) => at(places, places.home, '.gemini', 'settings.json'),
    projectFile: '.gemini/settings.json',
    key: 'mcpServers',
    stdio: plainStdio,
    http: (server) => ({ httpUrl: server.url, headers: withToken(server, SHELL_REFERENCE) }),
    tokenReference: SHELL_REFERENCE,
    stdioCommand: ({ command, args }, scope) => [...geminiAdd(scope), SERVER_NAME, command, '--', ...args],
    httpCommand: (server, scope) => [
      ...geminiAdd(scope),
      '--transport',
      'http',
      ...headerWords(withToken(server, SHELL_REFERENCE)),
      SERVER_NAME,
      server.url,
    ],
  },
  {
    id: 'windsurf',
    title: 'Windsurf',
    format: 'json',
    userFile: (places) => at(places, places.home, '.codeium', 'windsurf', 'mcp_config.json'),
    key: 'mcpServers',
    stdio: plainStdio,
    http: (server) => ({ serverUrl: server.url, headers: withToken(server, EDITOR_REFERENCE) }),
    tokenReference: EDITOR_REFERENCE,
  },
  {
    id: 'zed',
    title: 'Zed',
    format: 'jsonc',
    userFile: zedFile,
    projectFile: '.zed/settings.json',
    key: 'context_servers',
    stdio: (server) => ({ ...plainStdio(server), env: {} }),
    http: (server) => ({ url: server.url, headers: withToken(server, '<the token>') }),
  },
  {
    id: 'goose',
    title: 'Goose',
    format: 'yaml',
    userFile: gooseFile,
    key: 'extensions',
    stdio: ({ command, args }) => ({ ...gooseCommon('stdio'), cmd: command, args, envs: {}, env_keys: [] }),
    http: (server) => ({
      ...gooseCommon('streamable_http'),
      uri: server.url,
      headers: withToken(server, SHELL_REFERENCE),
      envs: {},
      env_keys: server.token === undefined ? [TOKEN_VARIABLE] : [],
    }),
    tokenReference: SHELL_REFERENCE,
  },
  {
    id: 'opencode',
    title: 'OpenCode',
    format: 'jsonc',
    userFile: (places) => at(places, places.home, '.config', 'opencode', 'opencode.json'),
    projectFile: 'opencode.json',
    key: 'mcp',
    stdio: ({ command, args }) => ({ type: 'local', command: [command, ...args], enabled: true }),
    http: (server) => ({
      type: 'remote',
      url: server.url,
      enabled: true,
      headers: withToken(server, `{env:${TOKEN_VARIABLE}}`),
    }),
    tokenReference: `{env:${TOKEN_VARIABLE}}`,
  },
];

function at({ platform }: UserPlaces, base: string, ...parts: readonly string[]): string {
  return (platform === 'win32' ? win32 : posix).join(base, ...parts);
}

function plainStdio({ command, args }: StdioServer): Settings {
  return { command, args };
}

function typedStdio(server: StdioServer): Settings {
  return { type: 'stdio', ...plainStdio(server) };
}

function withToken({ headers, token }: HttpServer, reference: string): Readonly<Record<string, string>> {
  return { Authorization: `Bearer ${token ?? reference}`, ...headers };
}

function headerWords(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
}

function claudeAdd(scope: string): string[] {
  return ['claude', 'mcp', 'add', '--scope', scope];
}

function geminiAdd(scope: string): string[] {
  return ['gemini', 'mcp', 'add', '--scope', scope];
}

/** Codex refuses a token in its file under the name made for it, but not as a header. */
function codexHttp(server: HttpServer): Settings {
  const headers = server.token === undefined ? server.headers : withToken(server, '');
  return {
    url: server.url,
    ...(server.token === undefined ? { bearer_token_env_var: TOKEN_VARIABLE } : {}),
    ...(Object.keys(headers).length === 0 ? {} : { http_headers: headers }),
  };
}

function zedFile(places: UserPlaces): string {
  if (places.platform === 'win32') return at(places, places.appConfig, 'Zed', 'settings.json');
  const config = places.platform === 'darwin' ? at(places, places.home, '.config') : places.appConfig;
  return at(places, config, 'zed', 'settings.json');
}

function gooseFile(places: UserPlaces): string {
  if (places.platform === 'win32') return at(places, places.appConfig, 'Block', 'goose', 'config', 'config.yaml');
  return at(places, places.home, '.config', 'goose', 'config.yaml');
}

function gooseCommon(type: string): Settings {
  const description = 'Answers questions about code from a type-resolved graph';
  return { enabled: true, type, name: SERVER_NAME, description, timeout: 300 };
}
