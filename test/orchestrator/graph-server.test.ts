import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MasterSystemOrchestrator } from '../../src/index.ts';
import { SHOP } from '../support/app-client.ts';
import { failureOf } from '../support/failure-of.ts';
import { rawRequest } from '../support/raw-request.ts';
import { modernSdk } from '../support/surface-client.ts';
import type { SurfaceClient } from '../support/surface-client.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';

const detailsSchema = z.object({ services: z.record(z.string(), z.object({ state: z.string(), about: z.string() })) });

describe('the listener for the code graph alone', () => {
  let database: TestDatabase;
  let dataDir = '';
  let master: MasterSystemOrchestrator | undefined;
  let client: SurfaceClient | undefined;

  beforeEach(async () => {
    database = await createProductDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'lightdom-graph-server-'));
  });

  afterEach(async () => {
    await client?.close();
    client = undefined;
    await master?.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const create = (
    mcpServer?: { host?: string; port?: number },
    mode: 'testing' | 'production' = 'testing',
  ): MasterSystemOrchestrator => {
    master = new MasterSystemOrchestrator({
      mode,
      dataDir,
      workspace: SHOP,
      autoIndex: true,
      database: { url: database.url },
      http: { port: 0 },
      runs: { workers: 0 },
      log: { level: 'silent' },
      services: { indexing: mcpServer === undefined ? {} : { mcpServer } },
    });
    return master;
  };

  const servicesOf = (of: MasterSystemOrchestrator) =>
    detailsSchema.parse(of.getStatus().orchestrators['startup']?.details).services;

  const started = async (): Promise<string> => {
    const running = create({ host: '127.0.0.1', port: 0 });
    await running.start();
    const { runs } = await running.services();
    await runs.waitFor(String(running.getStatus().orchestrators['indexing']?.details['runId']));
    const service = servicesOf(running)['graph-server'];
    expect(service?.state).toBe('ready');
    return service?.about ?? '';
  };

  const connect = async (url: string, era: 'modern' | 'legacy'): Promise<SurfaceClient> => {
    const headers = { authorization: `Bearer ${readFileSync(join(dataDir, 'token'), 'utf8').trim()}` };
    client = await modernSdk(
      era,
      new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }),
    );
    return client;
  };

  it.each(['modern', 'legacy'] as const)(
    'lists and answers tools of the graph to a %s client, no others',
    async (era) => {
      const graph = await connect(await started(), era);
      expect((await graph.listTools()).map(({ name }) => name)).toEqual([
        'graph_index',
        'graph_search',
        'graph_symbol',
        'graph_trace',
        'graph_report',
        'graph_context',
      ]);
      const answer = await graph.callTool('graph_symbol', { symbol: 'withTax' });
      expect(answer.content[0]?.text).toContain('function withTax src/price.ts:5');
      for (const name of ['system_status', 'run_list', 'run_control', 'graph_export', 'note_create']) {
        expect(String(await failureOf(graph.callTool(name, {})))).toContain(`There is no tool named "${name}"`);
      }
      const templates = await graph.listResourceTemplates();
      expect(templates.map(({ name }) => name)).toEqual(['code_symbol', 'code_file']);
      expect(String(await failureOf(graph.readResource('lightdom://status')))).toContain('There is no resource');
    },
  );

  it('wants the token of the data folder and a host name of its own', async () => {
    const url = await started();
    expect((await rawRequest(`${url}/mcp`, { method: 'POST' })).status).toBe(401);
    const headers = { host: 'evil.example' };
    expect((await rawRequest(`${url}/livez`, { headers })).status).toBe(403);
    expect((await rawRequest(`${url}/readyz`)).status).toBe(200);
  });

  it('ends with the master, and is not there unless it is configured', async () => {
    const url = await started();
    await master?.stop();
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
    const plain = create();
    await plain.start();
    expect(Object.keys(servicesOf(plain))).toEqual(['database', 'models', 'ollama', 'runs', 'indexer', 'agent', 'api']);
  });

  it('says which port is taken and where to choose another, before anything is served', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = z.object({ port: z.number() }).parse(other.address());
    const failure = await failureOf(create({ host: '127.0.0.1', port }).start());
    expect(failure).toMatchObject({
      code: 'conflict',
      message: `Port ${port} on 127.0.0.1 is taken by another process.`,
      hint: 'Choose another with services.indexing.mcpServer.port (--set services.indexing.mcpServer.port=…; 0 takes any free one), or stop the other process.',
    });
    expect(master?.getStatus().status).toBe('error');
    other.close();
  });

  it('does not listen beyond this machine, in production, until it knows its names', async () => {
    const failure = await failureOf(create({ host: '0.0.0.0', port: 0 }, 'production').start());
    expect(failure).toMatchObject({
      code: 'not_configured',
      message: 'services.indexing.mcpServer.host is 0.0.0.0, which other machines can reach.',
    });
  });
});
