import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userPlaces } from '../../../../src/core/config/index.ts';
import { readHostFile, replaceHostFile } from '../../../../src/server/cli/hosts/host-file.ts';
import type { Scope } from '../../../../src/server/cli/hosts/host.ts';
import { getHost, hostSetupOf } from '../../../../src/server/cli/hosts/host-setup.ts';
import type { ServerOf } from '../../../../src/server/cli/hosts/host-setup.ts';
import { writeSetup } from '../../../../src/server/cli/hosts/write-setup.ts';
import type { Written } from '../../../../src/server/cli/hosts/write-setup.ts';
import { refusalOf } from '../../../support/refusal-of.ts';

const STDIO: ServerOf = { transport: 'stdio', server: { command: 'npx', args: ['-y', 'lightdom', 'mcp'] } };
const SECRET: ServerOf = {
  transport: 'http',
  server: { url: 'http://127.0.0.1:3001/mcp', headers: {}, token: 'tok-0123456789' },
};

describe('writing into the settings of a host', () => {
  let home = '';

  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'ld-hosts-')));
  });

  afterEach(() => rmSync(home, { recursive: true, force: true }));

  function write(
    id: string,
    options: { readonly server?: ServerOf; readonly scope?: Scope; readonly replace?: boolean } = {},
  ): Written {
    const { server = STDIO, scope = 'user', replace = false } = options;
    const host = getHost(id);
    const project = join(home, 'shop');
    const places = userPlaces({}, 'linux', home);
    const setup = hostSetupOf({ ...server, host, scope, project, places, tokenFile: join(home, 'token') });
    return writeSetup({ host, setup, scope, project, replace });
  }

  function place(path: string, text: string): string {
    const file = join(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  function textOf(path: string): string {
    return readFileSync(join(home, path), 'utf8');
  }

  it.each([
    'claude-desktop',
    'claude-code',
    'vscode',
    'cursor',
    'codex',
    'gemini',
    'windsurf',
    'zed',
    'goose',
    'opencode',
  ])('makes the file of %s where there is none, with its folders', (id) => {
    const host = getHost(id);
    expect(write(id)).toEqual({ isChanged: true, backup: undefined });
    const file = host.userFile(userPlaces({}, 'linux', home));
    expect(readFileSync(file, 'utf8')).toContain('lightdom');
    expect(readdirSync(dirname(file)).filter((name) => name.includes('lightdom'))).toEqual([]);
  });

  it('keeps what was there, in the file and in a copy beside it, and its mode', () => {
    const text = '{\n  "context_servers": {}, // mine\n  "theme": "One"\n}\n';
    const file = place('.config/zed/settings.json', text);
    chmodSync(file, 0o640);
    const { backup = '' } = write('zed');
    expect(textOf('.config/zed/settings.json')).toContain('}, // mine\n  "theme": "One"\n}\n');
    expect(readFileSync(backup, 'utf8')).toBe(text);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(statSync(backup).mode & 0o777).toBe(0o640);
  });

  it('changes nothing the second time, and keeps every former version', () => {
    place('.cursor/mcp.json', '{}');
    expect(write('cursor').isChanged).toBe(true);
    expect(write('cursor')).toEqual({ isChanged: false, backup: undefined });
    const other: ServerOf = { transport: 'stdio', server: { command: 'node', args: [] } };
    expect(refusalOf(() => write('cursor', { server: other })).code).toBe('conflict');
    expect(write('cursor', { server: other, replace: true }).backup).toMatch(/mcp\.json\.before-lightdom-2$/);
    expect(readdirSync(join(home, '.cursor')).toSorted()).toEqual([
      'mcp.json',
      'mcp.json.before-lightdom-1',
      'mcp.json.before-lightdom-2',
    ]);
  });

  it('appends a table for Codex', () => {
    place('.codex/config.toml', 'model = "o5"\n');
    write('codex');
    expect(textOf('.codex/config.toml')).toBe(
      'model = "o5"\n\n[mcp_servers.lightdom]\ncommand = "npx"\nargs = ["-y", "lightdom", "mcp"]\n',
    );
  });

  it('keeps a file that holds the token to its owner', () => {
    const file = place('.config/zed/settings.json', '{}');
    chmodSync(file, 0o644);
    write('zed', { server: SECRET });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    write('windsurf', { server: SECRET });
    expect(statSync(join(home, '.codeium/windsurf/mcp_config.json')).mode & 0o777).toBe(0o600);
  });

  it('writes no token into a project, and no word in the place of one', () => {
    mkdirSync(join(home, 'shop'));
    expect(refusalOf(() => write('cursor', { server: SECRET, scope: 'project' }))).toMatchObject({
      code: 'permission_denied',
      message: `${join(home, 'shop/.cursor/mcp.json')} belongs to the project: a token in it would be shared.`,
    });
    const { url, headers } = { url: 'http://127.0.0.1:3001/mcp', headers: {} };
    const unknown: ServerOf = { transport: 'http', server: { url, headers, token: undefined } };
    expect(refusalOf(() => write('zed', { server: unknown })).hint).toContain('--show-token');
    expect(existsSync(join(home, '.config'))).toBe(false);
  });

  it('writes into a project, and not out of it', () => {
    mkdirSync(join(home, 'shop'));
    write('vscode', { scope: 'project' });
    expect(textOf('shop/.vscode/mcp.json')).toContain('"servers"');
    mkdirSync(join(home, 'elsewhere'));
    symlinkSync(join(home, 'elsewhere'), join(home, 'shop/.cursor'));
    expect(refusalOf(() => write('cursor', { scope: 'project' })).message).toContain('leads out of the project');
    expect(readdirSync(join(home, 'elsewhere'))).toEqual([]);
  });

  it('refuses what it would damage, and says the snippet', () => {
    const cases = [
      {
        id: 'claude-desktop',
        path: '.config/Claude/claude_desktop_config.json',
        text: '{ // no',
        what: 'not valid JSON',
      },
      { id: 'zed', path: '.config/zed/settings.json', text: '{"context_servers": 1}', what: 'is not an object' },
      { id: 'codex', path: '.codex/config.toml', text: "a = '''", what: 'ends within a string' },
      { id: 'goose', path: '.config/goose/config.yaml', text: 'a: 1\n', what: 'YAML is not merged' },
    ];
    for (const { id, path, text, what } of cases) {
      const file = place(path, text);
      const refusal = refusalOf(() => write(id));
      expect(refusal.message).toContain(what);
      expect(refusal.hint).toMatch(/^The snippet:\n\n[^]*lightdom/);
      expect(readFileSync(file, 'utf8')).toBe(text);
      expect(readdirSync(dirname(file))).toHaveLength(1);
    }
  });

  it('follows no symbolic link, and takes no folder and no other encoding for a file', () => {
    const target = place('target.json', '{}');
    mkdirSync(join(home, '.cursor'));
    symlinkSync(target, join(home, '.cursor/mcp.json'));
    expect(refusalOf(() => write('cursor'))).toMatchObject({
      code: 'permission_denied',
      message: `${join(home, '.cursor/mcp.json')} is a symbolic link, which is not followed.`,
    });
    expect(readFileSync(target, 'utf8')).toBe('{}');
    mkdirSync(join(home, '.gemini/settings.json'), { recursive: true });
    expect(refusalOf(() => write('gemini')).message).toContain('is not a file');
    mkdirSync(join(home, '.codeium/windsurf'), { recursive: true });
    writeFileSync(join(home, '.codeium/windsurf/mcp_config.json'), Buffer.from([0x7b, 0xff, 0x7d]));
    expect(refusalOf(() => write('windsurf')).message).toContain('is not UTF-8 text');
  });

  it('does not write over what another program has written meanwhile', () => {
    const file = place('a.json', '{}');
    const before = readHostFile(file);
    writeFileSync(file, '{"new": 1}');
    const refusal = refusalOf(() => replaceHostFile(file, before, { text: '{"ours": 1}', isSecret: false }));
    expect(refusal.code).toBe('conflict');
    expect(refusal.hint).toContain('close the host');
    expect(readFileSync(file, 'utf8')).toBe('{"new": 1}');
    expect(readdirSync(home).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
