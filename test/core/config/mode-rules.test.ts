import { chmodSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { renderModeReference } from '../../../src/core/config/index.ts';
import { load, refusal, tempFile } from './config-fixture.ts';

const inMode = (mode: string) => ({ flags: { mode } });

describe('defaults by mode', () => {
  test.each([
    ['development', ['info', 'pretty', 3001, 'full', 'asked']],
    ['production', ['info', 'json', 3001, 'full', 'planned']],
    ['testing', ['warn', 'json', 0, 'relaxed', 'presumed']],
  ])('in %s', (mode, expected) => {
    const { config, origins } = load(inMode(mode));
    const { log, http, database, mcp } = config;
    expect([log.level, log.form, http.port, database.durability, mcp.approval]).toEqual(expected);
    expect(origins.get('http.port')).toBe('default');
  });

  test('give way to whoever names the key', () => {
    const flags = { mode: 'testing', 'http.port': '3001', 'log.level': 'info', 'mcp.approval': 'asked' };
    const { config } = load({ flags });
    expect([config.http.port, config.log.level, config.mcp.approval]).toEqual([3001, 'info', 'asked']);
  });
});

describe('an address that other machines can reach', () => {
  test.each(['development', 'testing'])('is refused in %s, with names too, by its key and with the way out', (mode) => {
    const { code, message } = refusal({
      flags: { mode },
      input: { http: { host: '0.0.0.0', allowedHosts: ['dom.example'] } },
    });
    expect(code).toBe('invalid_input');
    expect(message).toContain(`\`http.host\` (from constructor object) can't be "0.0.0.0" in mode ${mode}: `);
    expect(message).toContain('Listen on 127.0.0.1, or choose mode production');
  });

  test('is refused for the listener of the graph as well', () => {
    const { message } = refusal({ flags: { 'services.indexing.mcpServer.host': '10.0.0.5' } });
    expect(message).toContain('`services.indexing.mcpServer.host`');
  });

  test('is allowed in production; loopback is anywhere, and where nothing listens anything is', () => {
    const names = { 'http.host': '0.0.0.0', 'http.allowedHosts': 'dom.example' };
    expect(load({ flags: { ...names, mode: 'production' } }).config.http.host).toBe('0.0.0.0');
    for (const host of ['localhost', '127.0.0.2', '::1']) load({ flags: { 'http.host': host } });
    load({ flags: { ...names, 'http.enabled': 'false' } });
  });
});

describe('what could lose or destroy data', () => {
  test('is no choice in production', () => {
    const { message } = refusal({
      flags: { mode: 'production', 'database.durability': 'relaxed', 'mcp.approval': 'presumed' },
    });
    expect(message).toContain('`database.durability` (from flag --set database.durability) can\'t be "relaxed"');
    expect(message).toContain('`mcp.approval` (from flag --set mcp.approval) can\'t be "presumed"');
  });

  test('is half a choice in development', () => {
    expect(load({ flags: { 'database.durability': 'relaxed' } }).config.database.durability).toBe('relaxed');
    expect(refusal({ flags: { 'mcp.approval': 'presumed' } }).message).toContain('in mode development');
  });
});

describe.skipIf(process.platform === 'win32')('secrets that other users can get at', () => {
  const SECRET = 'sk-not-to-be-shown';

  test('are an error in production and a warning elsewhere, in neither with the secret', () => {
    const configFile = tempFile('config.json', JSON.stringify({ github: { token: SECRET } }));
    chmodSync(configFile, 0o644);
    const { message } = refusal({ configFile, ...inMode('production') });
    expect(message).toContain(`is in ${configFile}, which can be read by other users (mode 0644) in mode production`);
    const { warnings } = load({ configFile });
    expect(warnings).toEqual([expect.stringContaining(`\`github.token\` (from file ${configFile}) is in`)]);
    expect(message + warnings.join('')).not.toContain(SECRET);
    chmodSync(configFile, 0o600);
    expect(load({ configFile, ...inMode('production') }).warnings).toEqual([]);
  });

  test('may lie readable in a container, and changeable nowhere', () => {
    const file = tempFile('key', SECRET);
    const env = { DEEPSEEK_API_KEY_FILE: file };
    chmodSync(file, 0o444);
    expect(load({ env, ...inMode('production') }).warnings).toEqual([]);
    chmodSync(file, 0o666);
    expect(refusal({ env, ...inMode('production') }).message).toContain('changed by other users (mode 0666)');
  });

  test('do not count where the file holds none, or is not the one that is used', () => {
    const open = tempFile('config.json', '{"http": {"port": 1}, "ai": {"deepseek": {"baseUrl": "https://a.example"}}}');
    chmodSync(open, 0o666);
    expect(load({ configFile: open, ...inMode('production') }).warnings).toEqual([]);
    const overridden = tempFile('config.json', '{"github": {"token": "old"}}');
    chmodSync(overridden, 0o644);
    const env = { GITHUB_TOKEN: SECRET };
    expect(load({ configFile: overridden, env, ...inMode('production') }).warnings).toEqual([]);
  });
});

test('the reference shows each default and rule by mode', () => {
  const rows = renderModeReference().trimEnd().split('\n');
  expect(rows[0]).toBe('| | `development` | `production` | `testing` |');
  expect(rows).toContain('| default of `mcp.approval` | `asked` | `planned` | `presumed` |');
  expect(rows.find((row) => row.includes('`http.host`'))).toContain('| allowed with `http.allowedHosts` |');
  expect(rows).toHaveLength(11);
});
