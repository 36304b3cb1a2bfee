import { describe, expect, test } from 'vitest';
import { CONFIG_TREE } from '../../../src/core/config/config-keys.ts';
import { maskUrl } from '../../../src/core/config/config-mask.ts';
import { childEnvironment, describeConfig, renderConfigReference } from '../../../src/core/config/index.ts';
import { load } from './config-fixture.ts';

describe('the description of the configuration', () => {
  test('has every key with its origin and masks every secret', () => {
    const loaded = load({
      env: { DEEPSEEK_API_KEY: 'sk-1', GITHUB_TOKEN: 'ghp_1', LIGHTDOM_DATABASE_PASSWORD: 'hunter2' },
      flags: { 'http.port': '0' },
    });
    const rows = describeConfig(loaded);
    expect(rows.map(({ key }) => key)).toEqual([...CONFIG_TREE.keys.keys()]);
    expect(rows.every(({ description }) => /^[A-Z].*\.$/.test(description))).toBe(true);
    expect(JSON.stringify(rows)).not.toMatch(/sk-1|ghp_1|hunter2/);
    const { description, ...row } = rows.find(({ key }) => key === 'http.port') ?? { description: '' };
    expect(description).toBe('Port to listen on; 0 takes any free one.');
    expect(row).toEqual({ key: 'http.port', value: 0, origin: 'flag --set http.port' });
    expect(rows.find(({ key }) => key === 'log.file')).toMatchObject({ value: undefined, origin: 'not set' });
    expect(rows.find(({ key }) => key === 'database.password')).toMatchObject({ value: '••••' });
  });

  test('tells no secret by a key that looks harmless', () => {
    const secretLooking = /key|password|token|url|secret/i;
    const unmarked = [...CONFIG_TREE.keys.values()].filter(
      ({ path, facts }) => secretLooking.test(path) && facts.secret === undefined,
    );
    expect(unmarked.map(({ path }) => path)).toEqual([
      'ai.deepseek.maxTokens',
      'ai.openai.maxTokens',
      'ai.compatible.maxTokens',
      'services.agent.budgets.tokens',
    ]);
  });
});

describe('a masked URL', () => {
  test.each([
    ['postgresql://me:hunter2@db:5432/app', 'postgresql://me:••••@db:5432/app'],
    ['postgresql://me:hu@nt/er:2@db/app', 'postgresql://me:••••@db/app'],
    ['postgresql://me@db/app', 'postgresql://me@db/app'],
    ['postgresql://db/app', 'postgresql://db/app'],
    ['postgresql://db/app?user=me&password=hunter2&ssl=1', 'postgresql://db/app?user=me&password=••••&ssl=1'],
    ['me:hunter2@db', '••••'],
  ])('of %s is %s', (url, masked) => {
    expect(maskUrl(url)).toBe(masked);
  });
});

test('the reference lists every key with default, variables and meaning', () => {
  const lines = renderConfigReference().trim().split('\n');
  expect(lines).toHaveLength(CONFIG_TREE.keys.size + 2);
  expect(lines.every((line) => line.split('|').length === 6)).toBe(true);
  expect(lines.slice(2, 4).concat(lines.filter((line) => line.includes('apiKey')))).toMatchInlineSnapshot(`
    [
      "| \`autoStart\` | \`true\` | \`LIGHTDOM_AUTO_START\` | Run all phases at the start; when off, only the core services come up. |",
      "| \`autoIndex\` | \`false\` | \`LIGHTDOM_AUTO_INDEX\`, \`AUTO_INDEX\` | Index the workspace at the start. |",
      "| \`ai.deepseek.apiKey\` | – | \`LIGHTDOM_AI_DEEPSEEK_API_KEY\`, \`LIGHTDOM_AI_DEEPSEEK_API_KEY_FILE\`, \`DEEPSEEK_API_KEY\`, \`DEEPSEEK_API_KEY_FILE\` | Key of the DeepSeek API; without it no model is asked. |",
      "| \`ai.openai.apiKey\` | – | \`LIGHTDOM_AI_OPENAI_API_KEY\`, \`LIGHTDOM_AI_OPENAI_API_KEY_FILE\`, \`OPENAI_API_KEY\`, \`OPENAI_API_KEY_FILE\` | Key of the OpenAI API. |",
      "| \`ai.compatible.apiKey\` | – | \`LIGHTDOM_AI_COMPATIBLE_API_KEY\`, \`LIGHTDOM_AI_COMPATIBLE_API_KEY_FILE\` | Key of that server, where it wants one. |",
    ]
  `);
});

test('a child process gets the path and the language, and none of our secrets', () => {
  const env = childEnvironment({ GIT_TERMINAL_PROMPT: '0' });
  expect(env).toMatchObject({ GIT_TERMINAL_PROMPT: '0' });
  expect(env['PATH']).toBeTruthy();
  expect(Object.keys(env).filter((name) => /KEY|TOKEN|DATABASE|NODE_ENV|LIGHTDOM/.test(name))).toEqual([]);
});
