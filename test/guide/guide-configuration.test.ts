import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/core/config/index.ts';
import type { ConfigInput } from '../../src/index.ts';
import { MasterSystemOrchestrator } from '../../src/index.ts';
import { databaseParts, freePort, openMasterPlace, servicesOf } from '../support/own-master.ts';
import type { MasterPlace } from '../support/own-master.ts';

/** Every block about configuration of the guide, as it is printed there. */
const CONFIGURATION_OBJECT = {
  // Auto-start features
  autoStart: true, // Auto-start all services
  autoIndex: false, // Auto-index codebase
  autoAgent: false, // Auto-start autonomous agent
  autoCampaign: false, // Auto-start default campaigns

  // Operation mode
  mode: 'development', // 'development', 'production', 'testing'

  // Database configuration
  database: {
    host: 'localhost',
    port: 5432,
    database: 'lightdom',
    user: 'postgres',
    password: 'password',
  },

  // AI service configuration
  ai: {
    deepseek: {
      apiKey: process.env['DEEPSEEK_API_KEY'],
      baseUrl: 'https://api.deepseek.com',
    },
  },

  // Service-specific configurations
  services: {
    startup: {
      autoRestart: true,
      healthCheckInterval: 30000,
    },
    campaigns: {
      maxConcurrent: 3,
      defaultPriority: 5,
    },
    training: {
      numSimulations: 1000000,
      parallelWorkers: 8,
    },
  },
} satisfies ConfigInput;

const HIGH_MEMORY = {
  services: {
    training: {
      parallelWorkers: 4, // Reduce from 8
    },
    campaigns: {
      maxConcurrent: 2, // Reduce from 3
    },
  },
} satisfies ConfigInput;

const DEEPSEEK = {
  ai: {
    deepseek: {
      apiKey: process.env['DEEPSEEK_API_KEY'],
      model: 'deepseek-coder',
      maxTokens: 4096,
    },
  },
} satisfies ConfigInput;

describe('the configuration of the guide', () => {
  it('is taken as printed: the whole Configuration Object, with each value in force', () => {
    expect(new MasterSystemOrchestrator(CONFIGURATION_OBJECT).getStatus().status).toBe('created');
    const { config } = loadConfig({ input: CONFIGURATION_OBJECT, env: {} });
    const { ai, ...rest } = CONFIGURATION_OBJECT;
    expect(config).toMatchObject(rest);
    expect(config.ai.deepseek.baseUrl).toBe(ai.deepseek.baseUrl);
  });

  it('prints defaults that are the defaults: nothing of it need be said', () => {
    const { config } = loadConfig({ env: {} });
    const { ai, database, ...rest } = CONFIGURATION_OBJECT;
    const { password, ...server } = database;
    expect(password).not.toBe('');
    expect(config).toMatchObject({ ...rest, database: server });
    expect(config.ai.deepseek).toMatchObject({
      baseUrl: ai.deepseek.baseUrl,
      model: 'deepseek-v4-flash',
      maxTokens: 4096,
    });
  });

  it('is taken as printed: the levers against high memory usage, under the very names that are read', () => {
    expect(new MasterSystemOrchestrator(HIGH_MEMORY).getStatus().status).toBe('created');
    const { config, origins } = loadConfig({ input: HIGH_MEMORY, env: {} });
    expect(config.services.training.parallelWorkers).toBe(4);
    expect(config.services.campaigns.maxConcurrent).toBe(2);
    expect(origins.get('services.campaigns.maxConcurrent')).toBe('constructor object');
  });

  it('is taken as printed: the DeepSeek block', () => {
    expect(new MasterSystemOrchestrator(DEEPSEEK).getStatus().status).toBe('created');
    const { config } = loadConfig({ input: DEEPSEEK, env: {} });
    expect(config.ai.deepseek).toMatchObject({ model: 'deepseek-coder', maxTokens: 4096 });
  });

  it('understands the block of environment variables', () => {
    const env = {
      AUTO_INDEX: 'true',
      AUTO_AGENT: 'true',
      AUTO_CAMPAIGN: 'true',
      NODE_ENV: 'production',
      DATABASE_URL: 'postgresql://localhost/lightdom',
      DEEPSEEK_API_KEY: 'your_api_key_here',
    };
    const { config, origins } = loadConfig({ env });
    expect(config).toMatchObject({
      autoIndex: true,
      autoAgent: true,
      autoCampaign: true,
      mode: 'production',
      database: { url: 'postgresql://localhost/lightdom' },
      ai: { deepseek: { apiKey: 'your_api_key_here' } },
    });
    const keys = ['autoIndex', 'autoAgent', 'autoCampaign', 'mode', 'database.url', 'ai.deepseek.apiKey'];
    for (const [at, name] of Object.keys(env).entries()) expect(origins.get(keys[at] ?? '')).toContain(name);
  });

  it.each(['production', 'development', 'testing'] as const)('takes NODE_ENV=%s', (mode) => {
    expect(loadConfig({ env: { NODE_ENV: mode } }).config.mode).toBe(mode);
  });

  it('refuses a lever under a name that nothing reads, and says the name that is read', () => {
    const services = { campaigns: { maxConcurrent: 2, maxConcurrentCampaigns: 2 } };
    expect(() => new MasterSystemOrchestrator({ services })).toThrow(
      'Did you mean `services.campaigns.maxConcurrent`?',
    );
  });
});

describe('the levers of the guide on a master', () => {
  let place: MasterPlace;

  beforeEach(async () => {
    place = await openMasterPlace();
  });

  afterEach(() => place.close());

  it('database: a master works on the server that host, port, database, user and password name', async () => {
    const master = place.create({ database: databaseParts(place.database), http: { enabled: false } });
    await master.initialize();
    const rows = place.database.database.execute('select from lightdom.run limit 1');
    await expect(rows).resolves.toBeDefined();
  });

  it('services.indexing.mcpServer: the code graph listens there, on localhost', async () => {
    const port = await freePort();
    const master = place.create({
      services: {
        indexing: {
          mcpServer: {
            host: 'localhost',
            port,
          },
        },
      },
    });
    await master.start();
    expect(servicesOf(master)['graph-server']).toMatchObject({ state: 'ready', about: `http://localhost:${port}` });
    expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
    await master.stop();
    await expect(fetch(`http://localhost:${port}/readyz`)).rejects.toThrow('fetch failed');
  });

  it('autoStart: false brings the core services up and no phase beside', async () => {
    const master = place.create({ autoStart: false, autoIndex: true, http: { enabled: false } });
    const outcomes: string[] = [];
    master.on('phase', ({ phase, outcome }) => outcomes.push(`${phase} ${outcome}`));
    await master.start();
    expect(outcomes).toEqual(['1 started', '1 done', '2 skipped', '3 skipped', '4 skipped', '5 skipped']);
  });
});
