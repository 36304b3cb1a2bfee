import { describe, expect, test } from 'vitest';
import { CONFIG_TREE, derivedEnvName } from '../../../src/core/config/config-keys.ts';
import { variablesOf } from '../../../src/core/config/env-layer.ts';
import { describeConfig } from '../../../src/core/config/index.ts';
import { load, refusal, tempFile, tempFolder } from './config-fixture.ts';

function valueOf(env: Record<string, string>, key: string): unknown {
  return describeConfig(load({ env })).find((row) => row.key === key)?.value;
}

describe('the variables of the guide', () => {
  const cases = [
    ['AUTO_INDEX', 'true', 'autoIndex', true],
    ['AUTO_AGENT', '1', 'autoAgent', true],
    ['AUTO_CAMPAIGN', 'true', 'autoCampaign', true],
    ['AUTO_RESTART', 'false', 'services.startup.autoRestart', false],
    ['HEALTH_CHECK_INTERVAL', '500', 'services.startup.healthCheckInterval', 500],
    ['NODE_ENV', 'production', 'mode', 'production'],
    ['NODE_ENV', 'testing', 'mode', 'testing'],
    ['NODE_ENV', 'test', 'mode', 'testing'],
    ['DATABASE_URL', 'postgresql://localhost/lightdom', 'database.url', 'postgresql://localhost/lightdom'],
    ['DEEPSEEK_API_KEY', 'sk-1', 'ai.deepseek.apiKey', '••••'],
    ['DEEPSEEK_BASE_URL', 'http://127.0.0.1:9/v1', 'ai.deepseek.baseUrl', 'http://127.0.0.1:9/v1'],
    ['GITHUB_TOKEN', 'ghp_1', 'github.token', '••••'],
    ['TRAINING_SIMULATIONS', '1000', 'services.training.numSimulations', 1000],
    ['TRAINING_WORKERS', '2', 'services.training.parallelWorkers', 2],
    ['TF_MODEL_PATH', 'models', 'services.tensorflow.modelPath', '/srv/project/models'],
    ['TF_ENABLE_GPU', '0', 'services.tensorflow.enableGpu', false],
    ['AUTO_FIX', 'true', 'services.agent.autoFix', true],
    ['AUTO_PR', 'true', 'services.agent.autoPr', true],
    ['MIN_CONFIDENCE', '0.85', 'services.agent.minConfidence', 0.85],
  ] as const;

  test.each(cases)('%s=%s sets %s', (...row) => {
    const [name, text, key, value] = row;
    expect(valueOf({ [name]: text }, key)).toBe(value);
    expect(load({ env: { [name]: text } }).origins.get(key)).toBe(`env ${name}`);
  });

  test('hold lists of what has colons in it with commas between', () => {
    const origins = 'https://dom.example,https://dom.example:8443';
    expect(valueOf({ LIGHTDOM_HTTP_CORS_ORIGINS: origins }, 'http.corsOrigins')).toEqual(origins.split(','));
    expect(valueOf({ LIGHTDOM_HTTP_ALLOWED_HOSTS: 'dom.example, ::1' }, 'http.allowedHosts')).toEqual([
      'dom.example',
      '::1',
    ]);
    const oauth = {
      LIGHTDOM_HTTP_OAUTH_ISSUER: 'https://issuer.example',
      LIGHTDOM_HTTP_OAUTH_AUDIENCE: 'https://dom.example/mcp',
      LIGHTDOM_HTTP_OAUTH_REQUIRED_SCOPES: 'lightdom:read,lightdom:run',
    };
    expect(valueOf(oauth, 'http.oauth.requiredScopes')).toEqual(['lightdom:read', 'lightdom:run']);
  });

  test('count as not set when they are empty', () => {
    const env = { AUTO_INDEX: '', NODE_ENV: '', DATABASE_URL: '', DEEPSEEK_API_KEY: '', DEEPSEEK_API_KEY_FILE: '' };
    expect(load({ env })).toEqual(load());
  });
});

describe('the derived variables', () => {
  test('are spelt from the path', () => {
    expect(derivedEnvName('dataDir')).toBe('LIGHTDOM_DATA_DIR');
    expect(derivedEnvName('services.indexing.mcpServer.port')).toBe('LIGHTDOM_SERVICES_INDEXING_MCP_SERVER_PORT');
  });

  test('exist for every key and collide with nothing', () => {
    const names = [...CONFIG_TREE.keys.values()].flatMap(variablesOf).concat('LIGHTDOM_CONFIG');
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('LIGHTDOM_GRAPH_MAX_FILE_BYTES');
  });

  test('win over the established name', () => {
    expect(valueOf({ NODE_ENV: 'production', LIGHTDOM_MODE: 'testing' }, 'mode')).toBe('testing');
  });

  test('that do not exist are refused with the nearest name', () => {
    expect(refusal({ env: { LIGHTDOM_HTTP_PROT: '1' } }).message).toBe(
      'Unknown environment variable LIGHTDOM_HTTP_PROT. Did you mean LIGHTDOM_HTTP_PORT?',
    );
    expect(refusal({ env: { LIGHTDOM_PORT: '1' } }).message).toContain('Did you mean LIGHTDOM_HTTP_PORT?');
    expect(refusal({ env: { LIGHTDOM_DATADIR: '/x' } }).message).toContain('Did you mean LIGHTDOM_DATA_DIR?');
    expect(refusal({ env: { LIGHTDOM_QUUX: '' } }).message).toContain('`lightdom config show` lists the keys.');
  });
});

describe('a secret in a file', () => {
  test('is read without the line break at its end', () => {
    const file = tempFile('key', 'sk-file\n');
    const loaded = load({ env: { DEEPSEEK_API_KEY_FILE: file } });
    expect(loaded.config.ai.deepseek.apiKey).toBe('sk-file');
    expect(loaded.origins.get('ai.deepseek.apiKey')).toBe('env DEEPSEEK_API_KEY_FILE');
    const url = tempFile('url', 'postgresql://db/app\n');
    expect(load({ env: { DATABASE_URL_FILE: url } }).config.database.url).toBe('postgresql://db/app');
    expect(load({ env: { LIGHTDOM_DATABASE_PASSWORD_FILE: file } }).config.database.password).toBe('sk-file');
  });

  test('must be readable, not empty, and the only source', () => {
    expect(refusal({ env: { GITHUB_TOKEN_FILE: '/nonexistent/t' } }).message).toBe(
      'The secret file of GITHUB_TOKEN_FILE, /nonexistent/t, does not exist.',
    );
    expect(refusal({ env: { GITHUB_TOKEN_FILE: tempFolder() } }).message).toContain('is not a regular file');
    expect(refusal({ env: { GITHUB_TOKEN_FILE: tempFile('t', '\n') } }).message).toContain('is empty');
    expect(refusal({ env: { GITHUB_TOKEN_FILE: tempFile('t', 'a'), GITHUB_TOKEN: 'b' } }).message).toBe(
      'Both GITHUB_TOKEN and GITHUB_TOKEN_FILE are set.',
    );
  });
});
