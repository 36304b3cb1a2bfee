import { describe, expect, it, test } from 'vitest';
import { userPlaces } from '../../../../src/core/config/index.ts';
import type { HttpServer, Scope, StdioServer } from '../../../../src/server/cli/hosts/host.ts';
import { getHost, hostSetupOf } from '../../../../src/server/cli/hosts/host-setup.ts';
import type { HostSetup, ServerOf } from '../../../../src/server/cli/hosts/host-setup.ts';
import { HOSTS } from '../../../../src/server/cli/hosts/host-table.ts';
import { launchOf, shellLine } from '../../../../src/server/cli/hosts/server-launch.ts';
import { refusalOf } from '../../../support/refusal-of.ts';

const PLACES = userPlaces({}, 'linux', '/home/ann');
const STDIO: StdioServer = { command: 'npx', args: ['-y', 'lightdom', 'mcp', '--workspace', '/home/ann/my shop'] };
const HTTP: HttpServer = { url: 'http://127.0.0.1:3001/mcp', headers: {}, token: undefined };
const REACHING_HTTP = HOSTS.filter((host) => host.http !== undefined);
const SECRET = 'tok-0123456789';

function setupOf(id: string, server: ServerOf, scope: Scope = 'user'): HostSetup {
  const tokenFile = '/home/ann/.local/share/lightdom/token';
  return hostSetupOf({ ...server, host: getHost(id), scope, project: '/home/ann/my shop', places: PLACES, tokenFile });
}

function shown({ file, snippet, command = '(no command)', notes }: HostSetup): string {
  return [`# ${file}`, snippet.trimEnd(), `$ ${command}`, ...notes].join('\n');
}

describe('what a host is told', () => {
  test.each(HOSTS.map(({ id }) => id))('%s over stdio', (id) => {
    expect(shown(setupOf(id, { transport: 'stdio', server: STDIO }))).toMatchSnapshot();
  });

  test.each(REACHING_HTTP.map(({ id }) => id))('%s over HTTP', (id) => {
    expect(shown(setupOf(id, { transport: 'http', server: HTTP }))).toMatchSnapshot();
  });

  test.each(HOSTS.filter(({ projectFile }) => projectFile !== undefined).map(({ id }) => id))(
    '%s in a project',
    (id) => {
      const setup = setupOf(id, { transport: 'stdio', server: STDIO }, 'project');
      expect(`${setup.file}\n$ ${setup.command ?? '(no command)'}`).toMatchSnapshot();
    },
  );

  it('is where the platform keeps settings', () => {
    const places = [
      userPlaces({}, 'darwin', '/Users/ann'),
      userPlaces({ APPDATA: 'C:\\Users\\ann\\AppData\\Roaming' }, 'win32', 'C:\\Users\\ann'),
      userPlaces(
        { XDG_CONFIG_HOME: '/conf', CODEX_HOME: '/codex', CLAUDE_CONFIG_DIR: '/claude' },
        'linux',
        '/home/ann',
      ),
    ];
    const files = places.map((place) => HOSTS.map((host) => `${host.id}: ${host.userFile(place)}`));
    expect(files).toMatchSnapshot();
  });

  test.each(REACHING_HTTP)('$id is shown the token only when that is asked for', (host) => {
    const given = setupOf(host.id, { transport: 'http', server: { ...HTTP, token: SECRET } });
    expect(given).toMatchObject({ isSecret: true, lacksToken: false });
    expect(given.snippet).toContain(`Bearer ${SECRET}`);
    const referred = setupOf(host.id, { transport: 'http', server: HTTP });
    expect(referred.isSecret).toBe(false);
    expect(referred.lacksToken).toBe(host.tokenReference === undefined);
    expect(referred.snippet).toContain(host.tokenReference ?? 'Bearer <the token>');
  });

  test.each(REACHING_HTTP)('$id sends what limits the tools', (host) => {
    const headers = { 'X-LightDom-Read-Only': 'true' };
    const { snippet } = setupOf(host.id, { transport: 'http', server: { ...HTTP, headers } });
    expect(snippet).toMatch(/"?X-LightDom-Read-Only"?\s*[:=] "true"/);
  });
});

describe('what a host does not have', () => {
  it('is an error that says what to do instead', () => {
    const unreached = refusalOf(() => setupOf('claude-desktop', { transport: 'http', server: HTTP }));
    expect(unreached.code).toBe('unsupported');
    expect(unreached.hint).toContain('Leave out --transport');
    expect(refusalOf(() => setupOf('windsurf', { transport: 'stdio', server: STDIO }, 'project'))).toMatchObject({
      code: 'unsupported',
      message: 'Windsurf has no settings of a project.',
    });
    const unknown = refusalOf(() => getHost('emacs'));
    expect(unknown.code).toBe('not_found');
    expect(unknown.hint).toContain('claude-code, vscode');
  });
});

describe('the command that starts the server', () => {
  const args = ['--workspace', '/home/ann/shop'];
  const installed = '/usr/lib/node_modules/lightdom/dist/src/main.js';

  it('is npx where npm installed it, in a shell on Windows, else this checkout', () => {
    expect(launchOf({ main: installed, platform: 'linux', args })).toEqual({
      command: 'npx',
      args: ['-y', 'lightdom', 'mcp', ...args],
    });
    expect(launchOf({ main: 'C:\\x\\node_modules\\lightdom\\dist\\src\\main.js', platform: 'win32', args })).toEqual({
      command: 'cmd',
      args: ['/c', 'npx', '-y', 'lightdom', 'mcp', ...args],
    });
    expect(launchOf({ main: '/src/lightdom/dist/src/main.js', platform: 'linux', args })).toEqual({
      command: 'node',
      args: ['/src/lightdom/dist/src/main.js', 'mcp', ...args],
    });
  });

  it('survives the shell', () => {
    expect(shellLine(['a', "it's $HOME", '{"b":"c d"}'], 'linux')).toBe(`a 'it'\\''s $HOME' '{"b":"c d"}'`);
    expect(shellLine(['code', '{"b":"c d"}', 'C:\\x'], 'win32')).toBe('code "{\\"b\\":\\"c d\\"}" C:\\x');
    expect(shellLine(['%PATH%', ''], 'win32')).toBe('"%PATH%" ""');
  });
});
