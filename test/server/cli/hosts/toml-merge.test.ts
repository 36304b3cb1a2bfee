import { describe, expect, it, test } from 'vitest';
import { mergeToml, renderToml } from '../../../../src/server/cli/hosts/toml-merge.ts';
import { refusalOf } from '../../../support/refusal-of.ts';

const AT = { key: 'mcp_servers', file: '/home/ann/config.toml' };
const TABLE = renderToml('mcp_servers', { command: 'npx', args: ['-y', 'light"dom'] });

describe('merging into a TOML file', () => {
  it('writes a table, and one for each value with members', () => {
    expect(renderToml('mcp_servers', { url: 'http://x', timeout: 5, on: true, http_headers: { 'X-A': 'b' } })).toBe(
      `[mcp_servers.lightdom]
url = "http://x"
timeout = 5
on = true

[mcp_servers.lightdom.http_headers]
X-A = "b"
`,
    );
  });

  it('appends the table, and changes nothing the second time', () => {
    const text = '# mine\nmodel = "o5"\n\n[mcp_servers.other]\ncommand = "x" # [mcp_servers.lightdom]\n';
    const merged = mergeToml(text, TABLE, AT);
    expect(merged).toBe(`${text}\n${TABLE}`);
    expect(mergeToml(merged, TABLE, AT)).toBe(merged);
    expect(mergeToml('a = 1', TABLE, AT)).toBe(`a = 1\n\n${TABLE}`);
    expect(mergeToml('', TABLE, AT)).toBe(TABLE);
  });

  test.each([
    '[mcp_servers.lightdom]\ncommand = "old"\n',
    '  [ mcp_servers . "lightdom" ]\ncommand = "old"\n',
    '[mcp_servers.lightdom.env]\nA = "1"\n',
    '[mcp_servers]\nother = { command = "x" }\nlightdom = { command = "old" }\n',
    '[mcp_servers]\nlightdom.command = "old"\n',
    'mcp_servers.lightdom.command = "old"\n',
    'mcp_servers = { lightdom = { command = "old" } }\n',
  ])('refuses %j, which already says something of it', (text) => {
    expect(refusalOf(() => mergeToml(text, TABLE, AT))).toMatchObject({
      code: 'conflict',
      message: '/home/ann/config.toml already says something of mcp_servers.lightdom.',
    });
  });

  test.each([
    'note = """\n[mcp_servers.lightdom]\n"""\n',
    "note = '''\nmcp_servers = 1\n''' # '''\n",
    'a = "#\\"" # """\nb = \'"""\'\n',
    '[mcp_servers.lightdom2]\ncommand = "x"\n',
    '[other]\nlightdom = 1\n',
  ])('is not misled by %j', (text) => {
    expect(mergeToml(text, TABLE, AT)).toBe(`${text}\n${TABLE}`);
  });

  it('refuses a text that ends within a string', () => {
    expect(refusalOf(() => mergeToml('a = """\nnever ends\n', TABLE, AT))).toMatchObject({
      code: 'invalid_input',
      message: '/home/ann/config.toml ends within a string that """ begins.',
    });
  });
});
