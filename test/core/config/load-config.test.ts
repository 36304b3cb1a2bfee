import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSetFlags } from '../../../src/core/config/index.ts';
import type { ConfigInput } from '../../../src/core/config/index.ts';
import { load, refusal, tempFile, tempFolder } from './config-fixture.ts';

describe('defaults', () => {
  test('are those of the guide', () => {
    expect(load().config).toEqual({
      autoStart: true,
      autoIndex: false,
      autoAgent: false,
      autoCampaign: false,
      mode: 'development',
      dataDir: '/nonexistent/data/lightdom',
      workspace: '/srv/project',
      workspaces: { roots: [] },
      http: {
        enabled: true,
        host: '127.0.0.1',
        port: 3001,
        allowedHosts: [],
        corsOrigins: [],
        rateLimit: { perMinute: 6_000 },
        maxConcurrent: 64,
      },
      audit: { enabled: true, maxFileBytes: 10_000_000, maxFiles: 5 },
      mcp: {
        toolsets: ['default'],
        tools: [],
        excludeTools: [],
        readOnly: false,
        profile: 'default',
        approval: 'asked',
      },
      log: { level: 'info', form: 'pretty' },
      database: { host: 'localhost', port: 5432, database: 'lightdom', user: 'postgres', durability: 'full' },
      ai: {
        provider: 'auto',
        deepseek: { baseUrl: 'https://api.deepseek.com', model: 'deepseek-v4-flash', maxTokens: 4096 },
        openai: { baseUrl: 'https://api.openai.com/v1', model: 'gpt-4.1-mini', maxTokens: 4096 },
        compatible: { maxTokens: 4096, jsonSchema: false },
        mock: {},
      },
      github: {
        apiUrl: 'https://api.github.com',
        draft: true,
        draftFallback: false,
        fork: false,
        labels: ['lightdom'],
        maxOpenPullRequests: 3,
        protectedBranches: ['main', 'master', 'develop', 'release/*'],
        remote: 'origin',
      },
      tracing: { sampleRatio: 1 },
      graph: {
        maxFileBytes: 1_000_000,
        workerMemoryMb: 4096,
        engine: 'auto',
        compilerMemoryMb: 4096,
        watch: true,
        layers: [],
      },
      runs: { workers: 1, concurrency: 2, batchConcurrency: 2, retentionDays: 30 },
      services: {
        startup: {
          autoRestart: true,
          healthCheckInterval: 30_000,
          statusInterval: 30_000,
          maxRestarts: 3,
          startupTimeout: 60_000,
        },
        campaigns: { maxConcurrent: 3, defaultPriority: 5 },
        navigation: {},
        indexing: {},
        ollama: { enabled: true, url: 'http://127.0.0.1:11434' },
        agent: {
          autoFix: false,
          autoPr: false,
          minConfidence: 0.7,
          intervalMinutes: 60,
          maxTasks: 10,
          minSeverity: 'medium',
          maxAttempts: 3,
          coolDownDays: 30,
          maxOpenPullRequests: 3,
          approval: 'required',
          thresholds: { branch: 0.4, pullRequest: 0.78, criticalFix: 0.8, refactor: 0.6, docs: 0.5 },
          budgets: { usd: 1, tokens: 200_000, wallMinutes: 30, diffLines: 200, files: 10 },
          authorName: 'LightDom agent',
          authorEmail: 'agent@lightdom.invalid',
          runTests: true,
          mutants: 8,
        },
        training: { numSimulations: 1_000_000, parallelWorkers: 8 },
        tensorflow: { enableGpu: false },
        storybook: {},
        seo: {},
        design: {},
      },
    });
  });

  test('follow the mode, whose variable says `test` for `testing`', () => {
    expect(load({ env: { NODE_ENV: 'test' } }).config.log.level).toBe('warn');
    expect(load({ env: { NODE_ENV: 'test', LIGHTDOM_LOG_LEVEL: 'debug' } }).config.log.level).toBe('debug');
  });

  test('of an absent group appear as soon as the group is there', () => {
    expect(load().origins.has('services.indexing.mcpServer.port')).toBe(false);
    const empty = load({ input: { services: { indexing: { mcpServer: {} } } } });
    expect(empty.config.services.indexing.mcpServer).toEqual({ host: 'localhost', port: 3002 });
    expect(empty.origins.get('services.indexing.mcpServer.port')).toBe('default');
    const byEnv = load({ env: { LIGHTDOM_SERVICES_INDEXING_MCP_SERVER_PORT: '3003' } });
    expect(byEnv.config.services.indexing.mcpServer).toEqual({ host: 'localhost', port: 3003 });
  });
});

describe('order', () => {
  test('is defaults, file, environment, program, flags, and each value knows its origin', () => {
    const configFile = tempFile('config.json', '{"http": {"port": 1}}');
    const key = 'http.port';
    const seen = [
      load(),
      load({ configFile }),
      load({ configFile, env: { LIGHTDOM_HTTP_PORT: '2' } }),
      load({ configFile, env: { LIGHTDOM_HTTP_PORT: '2' }, input: { http: { port: 3 } } }),
      load({ env: { LIGHTDOM_HTTP_PORT: '2' }, input: { http: { port: 3 } }, flags: parseSetFlags(['http.port=4']) }),
    ].map(({ config, origins }) => [config.http.port, origins.get(key)]);
    expect(seen).toEqual([
      [3001, 'default'],
      [1, `file ${configFile}`],
      [2, 'env LIGHTDOM_HTTP_PORT'],
      [3, 'constructor object'],
      [4, 'flag --set http.port'],
    ]);
  });

  test('keeps the neighbours of a key that a higher source sets', () => {
    const configFile = tempFile('config.json', '{"services": {"campaigns": {"defaultPriority": 9}}}');
    const { config } = load({ configFile, flags: { services: { campaigns: { maxConcurrent: 7 } } } });
    expect(config.services.campaigns).toEqual({ maxConcurrent: 7, defaultPriority: 9 });
  });
});

describe('the samples of the guide', () => {
  test('parse: the configuration object', () => {
    const apiKey: string | undefined = undefined;
    const sample = {
      autoStart: true,
      autoIndex: false,
      autoAgent: false,
      autoCampaign: false,
      mode: 'development',
      database: { host: 'localhost', port: 5432, database: 'lightdom', user: 'postgres', password: 'password' },
      ai: { deepseek: { apiKey, baseUrl: 'https://api.deepseek.com' } },
      services: {
        startup: { autoRestart: true, healthCheckInterval: 30000 },
        campaigns: { maxConcurrent: 3, defaultPriority: 5 },
        training: { numSimulations: 1000000, parallelWorkers: 8 },
      },
    } satisfies ConfigInput;
    const { config } = load({ input: sample });
    expect(config.database.password).toBe('password');
    expect(load({ flags: sample }).config).toEqual(config);
  });

  test('parse: the programmatic use', () => {
    const { config } = load({
      input: {
        autoStart: true,
        autoIndex: true,
        autoAgent: true,
        autoCampaign: true,
        mode: 'production',
        database: { host: 'localhost', port: 5432, database: 'lightdom' },
        ai: { deepseek: { apiKey: undefined } },
      },
      env: { DEEPSEEK_API_KEY: 'from-env' },
    });
    expect(config).toMatchObject({ autoCampaign: true, mode: 'production', ai: { deepseek: { apiKey: 'from-env' } } });
  });
});

describe('paths', () => {
  test('count from the current folder, in a file from the folder of the file', () => {
    const configFile = tempFile('config.json', '{"log": {"file": "run.log"}}');
    const { config } = load({
      configFile,
      env: { LIGHTDOM_WORKSPACES_ROOTS: `../a${delimiter}/b` },
      flags: { workspace: 'sub' },
    });
    expect(config.log.file).toBe(join(configFile, '..', 'run.log'));
    expect(config.workspaces.roots).toEqual(['/srv/a', '/b']);
    expect(config.workspace).toBe('/srv/project/sub');
  });
});

describe('names of tools', () => {
  test('are separated by commas where they are text', () => {
    const env = { LIGHTDOM_MCP_TOOLSETS: 'graph, runs,' };
    const { config } = load({ env, flags: { 'mcp.tools': 'run_log', 'mcp.excludeTools': 'note_delete,run_prune' } });
    expect(config.mcp).toMatchObject({
      toolsets: ['graph', 'runs'],
      tools: ['run_log'],
      excludeTools: ['note_delete', 'run_prune'],
    });
  });
});

describe('what is handed out', () => {
  test('is frozen through and through', () => {
    const { config } = load();
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.services.campaigns)).toBe(true);
    expect(Object.isFrozen(config.workspaces.roots)).toBe(true);
  });
});

describe('the file', () => {
  test('of the user is found in the configuration folder', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'lightdom'));
    writeFileSync(join(folder, 'lightdom', 'config.json'), '\uFEFF{"autoIndex": true}');
    expect(load({ env: { XDG_CONFIG_HOME: folder } }).config.autoIndex).toBe(true);
  });

  test('can be named by LIGHTDOM_CONFIG, and a file named by the caller wins over it', () => {
    const one = tempFile('one.json', '{"runs": {"concurrency": 5}}');
    const two = tempFile('two.json', '{"runs": {"concurrency": 6}}');
    expect(load({ env: { LIGHTDOM_CONFIG: one } }).config.runs.concurrency).toBe(5);
    expect(load({ env: { LIGHTDOM_CONFIG: one }, configFile: two }).config.runs.concurrency).toBe(6);
  });

  test('is never taken from the workspace', () => {
    const cwd = tempFolder();
    for (const name of ['config.json', 'lightdom.json', '.lightdom.json', 'lightdom.config.json']) {
      writeFileSync(join(cwd, name), '{"ai": {"deepseek": {"baseUrl": "https://evil.example"}}}');
    }
    expect(load({ cwd }).config.ai.deepseek.baseUrl).toBe('https://api.deepseek.com');
  });

  test('must exist when it was asked for', () => {
    expect(refusal({ configFile: '/nonexistent/a.json' }).message).toBe(
      'The file given with --config, /nonexistent/a.json, does not exist.',
    );
    expect(refusal({ env: { LIGHTDOM_CONFIG: tempFolder() } }).message).toMatch(/LIGHTDOM_CONFIG, .*is not a regular/);
  });

  test('is refused above a size that no configuration has', () => {
    const configFile = tempFile('big.json', ' '.repeat(1_000_001));
    expect(refusal({ configFile }).message).toContain('has 1000001 bytes; at most 1000000 are read');
  });

  test('that is no JSON is named with the place, and its text is not quoted', () => {
    const configFile = tempFile('broken.json', '{\n  "ai": {"deepseek": {"apiKey": sk-12345}}\n}');
    const { message, code } = refusal({ configFile });
    expect(code).toBe('invalid_input');
    expect(message).toBe(`The configuration file ${configFile} is not valid JSON at line 2, column 33.`);
  });
});

describe('--set', () => {
  test('takes everything behind the first equals sign', () => {
    expect(parseSetFlags(['github.token=a=b', 'log.file='])).toEqual({ 'github.token': 'a=b', 'log.file': '' });
  });

  test('without a key or a value is refused', () => {
    expect(() => parseSetFlags(['http.port'])).toThrow('`--set http.port` has no key and value.');
    expect(() => parseSetFlags(['=3'])).toThrow('has no key');
  });
});
