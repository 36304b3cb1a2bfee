import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MasterSystemOrchestrator } from '../../src/index.ts';
import type { ConfigInput, SystemStatus } from '../../src/index.ts';
import { SUBSYSTEM_KEYS } from '../../src/orchestrator/index.ts';
import { SHOP } from '../support/app-client.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';

describe('MasterSystemOrchestrator', () => {
  let database: TestDatabase;
  let dataDir = '';
  let orchestrator: MasterSystemOrchestrator | undefined;

  beforeEach(async () => {
    database = await createProductDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'lightdom-master-'));
  });

  afterEach(async () => {
    await orchestrator?.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const create = (config: ConfigInput = {}): MasterSystemOrchestrator => {
    orchestrator = new MasterSystemOrchestrator({
      dataDir,
      workspace: SHOP,
      database: { url: database.url },
      http: { port: 0 },
      log: { level: 'silent' },
      ...config,
    });
    return orchestrator;
  };

  it('initializes ten subsystems and says so', async () => {
    const master = create();
    let isInitialized = false;
    master.on('initialized', () => {
      isInitialized = true;
    });
    await master.initialize();
    const status = master.getStatus();
    expect(isInitialized).toBe(true);
    expect(Object.keys(status)).toEqual(['status', 'uptime', 'metrics', 'orchestrators']);
    expect(status.status).toBe('initialized');
    expect(Object.keys(status.orchestrators)).toEqual([...SUBSYSTEM_KEYS]);
    expect(Object.keys(status.metrics)).toEqual([
      'systemUptime',
      'servicesRunning',
      'campaignsActive',
      'agentsRunning',
      'indexingProgress',
      'trainingProgress',
    ]);
  });

  it('takes the token that it was given, and keeps it where the command line finds it', async () => {
    const token = 'a-token-of-the-operator-0123456789';
    const master = create({ http: { port: 0, token } });
    await master.start();
    const { supervisor } = await master.services();
    const statusWith = async (given: string): Promise<number> => {
      const url = `${supervisor.get('api').about ?? ''}/api/master/status`;
      return (await fetch(url, { headers: { authorization: `Bearer ${given}` } })).status;
    };
    expect(await statusWith(token)).toBe(200);
    expect(await statusWith(token.replace('a', 'b'))).toBe(401);
    const file = join(dataDir, 'token');
    expect(readFileSync(file, 'utf8')).toBe(token);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(() => create({ http: { token: 'short' } })).toThrow(/`http\.token` can't be •/);
  });

  it('starts, indexes when told to, and stops', async () => {
    const master = create({ autoIndex: true });
    await master.start();
    expect(master.getStatus()).toMatchObject({ status: 'running', metrics: { servicesRunning: 6 } });
    const { graph, runs } = await master.services();
    const { runId } = master.getStatus().orchestrators['indexing']?.details ?? {};
    await runs.waitFor(String(runId));
    await expect.poll(() => master.getStatus().metrics.indexingProgress).toBe(100);
    expect(await graph.summary()).toMatchObject({ state: 'ready', files: 3 });
    const found = await graph.trace({ symbol: 'withTax', direction: 'callers', limit: 10 });
    expect(found.hits.map((hit) => hit.name)).toEqual(['Cart.total']);
    await master.stop();
    expect(master.getStatus().status).toBe('stopped');
  });

  it('starts again in the same process, and only what it must when autoStart is off', async () => {
    const master = create({ autoStart: false, autoIndex: true });
    await master.start();
    await master.stop();
    await master.start();
    const { runs } = await master.services();
    expect((await runs.list()).runs).toEqual([]);
  });

  it('emits error and is in error when the database can not be reached, without the password in the text', async () => {
    const master = create({ database: { host: '127.0.0.1', port: 1, user: 'me', password: 'hunter2' } });
    const errors: unknown[] = [];
    master.on('error', (error) => errors.push(error));
    const failure = await master.initialize().catch((error: unknown) => String(error));
    expect(failure).toContain('No database answers at postgresql://me:••••@127.0.0.1:1');
    expect(failure).not.toContain('hunter2');
    expect(errors).toHaveLength(1);
    expect(master.getStatus()).toMatchObject({ status: 'error' } satisfies Partial<SystemStatus>);
  });

  it('refuses what this version does not have, and keys that do not exist', async () => {
    const master = create();
    await expect(master.executeWorkflow('improve_codebase_quality')).rejects.toThrow('navigation is not part');
    await expect(master.startCampaign({ name: 'Q4' })).rejects.toThrow('"Q4"');
    await expect(master.generateTrainingData(1000)).rejects.toThrow('1000 examples');
    const services = { campaigns: { maxConcurrent: 2, maxConcurrentCampaigns: 2 } };
    expect(() => create({ services })).toThrow('Did you mean `services.campaigns.maxConcurrent`?');
  });
});
