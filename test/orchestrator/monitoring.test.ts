import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runProcess } from '../../src/core/process/index.ts';
import { MasterSystemOrchestrator } from '../../src/index.ts';
import { SHOP } from '../support/app-client.ts';
import { readEvents } from '../support/event-reader.ts';
import type { EventReader } from '../support/event-reader.ts';
import { readScrape, sumOf } from '../support/prometheus-text.ts';
import type { Scrape } from '../support/prometheus-text.ts';
import { modernSdk } from '../support/surface-client.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';

const FILES = fileURLToPath(new URL('../../docs/monitoring', import.meta.url));
const OPERATIONS = 20_000;

const detailsSchema = z.object({ services: z.record(z.string(), z.object({ about: z.string() })) });
const ownerRow = z.object({ type: z.string(), owner: z.string().nullable() });

/** One master with a worker process, as users have it. */
describe('what a master shows of itself', () => {
  let database: TestDatabase;
  let dataDir = '';
  let master: MasterSystemOrchestrator;
  let url = '';
  let token = '';
  const readers: EventReader[] = [];

  const get = (path: string): Promise<Response> =>
    fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const scrape = async (): Promise<Scrape> => readScrape(await (await get('/metrics')).text());
  const follow = async (query = '', lastEventId = 0): Promise<EventReader> => {
    const reader = await readEvents(url, { token, query, lastEventId });
    readers.push(reader);
    return reader;
  };

  beforeAll(async () => {
    database = await createProductDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'lightdom-monitoring-'));
    master = new MasterSystemOrchestrator({
      dataDir,
      workspace: SHOP,
      autoIndex: true,
      database: { url: database.url },
      http: { port: 0 },
      log: { level: 'silent' },
      services: { startup: { statusInterval: 100 } },
    });
    await master.start();
    const details = detailsSchema.parse(master.getStatus().orchestrators['startup']?.details);
    url = details.services['api']?.about ?? '';
    token = readFileSync(join(dataDir, 'token'), 'utf8').trim();
    const { runs } = await master.services();
    await runs.waitFor(String(master.getStatus().orchestrators['indexing']?.details['runId']));
  });

  afterAll(async () => {
    for (const reader of readers) reader.cut();
    await master.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('tells of its start from the beginning, and of its status again and again', async () => {
    const reader = await follow('?type=initialized,phase,started,status');
    await reader.until(({ events }) => events.filter(({ type }) => type === 'status').length >= 2);
    const types = reader.events.map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['initialized', 'phase', 'phase']);
    expect(types.indexOf('started')).toBeGreaterThan(types.lastIndexOf('phase'));
    const status = reader.events.find(({ type }) => type === 'status');
    expect(status?.data).toMatchObject({ status: 'running', orchestrators: { startup: { state: 'running' } } });
    expect((await get('/startupz')).status).toBe(200);
  });

  it('tells of every line and every state of a run in a worker process, once and in order', async () => {
    const { runs } = await master.services();
    const reader = await follow('?type=run');
    const input = { operations: OPERATIONS, chunks: 3, seed: 1, keep: false };
    const { runId } = await runs.start('drill', input, { owner: 'https://issuer.example|ada' });
    const run = await runs.waitFor(runId);
    expect(run.status).toBe('completed');
    const isOver = ({ events }: EventReader): boolean =>
      events.some(({ data }) => data['runId'] === runId && data['status'] === 'completed');
    await reader.until(isOver);
    const ofRun = reader.events.filter(({ data }) => data['runId'] === runId);
    const lines = ofRun.filter(({ type }) => type === 'run.log').map(({ data }) => data['message']);
    expect(lines).toEqual((await runs.listEvents(runId)).map(({ message }) => message));
    const changes = ofRun.filter(({ type }) => type === 'run.changed');
    expect(changes[0]?.data).toMatchObject({ status: 'pending', kind: 'drill' });
    expect(changes.at(-1)?.data).toMatchObject({ status: 'completed' });
    expect(changes.at(-1)?.data).not.toHaveProperty('input');
    const chunks = await runs.listChildren(runId);
    const ended = reader.events.filter(({ data }) => data['parentRunId'] === runId && data['status'] === 'completed');
    expect(new Set(ended.map(({ data }) => data['runId'])).size).toBe(chunks.length);
    const sql = 'select distinct type, owner from lightdom.live_event where run_id = $1';
    for (const row of await database.database.query(ownerRow, sql, [runId])) {
      expect(row.owner).toBe('https://issuer.example|ada');
    }
  });

  it('tells of a new graph', async () => {
    const { graph, runs } = await master.services();
    const reader = await follow('?type=graph');
    await reader.until(({ lastId }) => (lastId ?? 0) > 0);
    const before = reader.events.length;
    await runs.waitFor((await graph.startIndex({})).runId);
    await reader.until(({ events }) => events.length > before);
    const { generation } = await graph.summary();
    await reader.until(({ events }) => events.at(-1)?.data['generation'] === generation);
    expect(reader.events.at(-1)?.data).toMatchObject({ workspace: SHOP });
  });

  it('needs the token for its numbers', async () => {
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('measures what it and its worker do', async () => {
    const { runs } = await master.services();
    const kinds = { operations: OPERATIONS, chunks: 2, seed: 2, keep: false };
    const items = async (): Promise<number> => sumOf(await scrape(), 'lightdom_batch_items_total') ?? 0;
    // What a drill before has measured may still be on its way.
    await expect.poll(async () => (await items()) % OPERATIONS, { timeout: 10_000 }).toBe(0);
    const before = await items();
    await runs.waitFor((await runs.start('drill', kinds)).runId);
    // The worker sends what it has measured within a second.
    await expect.poll(items, { timeout: 10_000 }).toBe(before + OPERATIONS);
    const client = await modernSdk(
      'modern',
      new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      }),
    );
    await client.callTool('system_status', {});
    await client.callTool('no_such_tool', {}).catch(() => undefined);
    await client.callTool('run_get', { runId: 'nothing' });
    await client.close();
    await get('/nowhere/at/all');
    const found = await scrape();
    expect(sumOf(found, 'lightdom_run_step_duration_seconds_count', { kind: 'drill', outcome: 'ok' })).toBeGreaterThan(
      3,
    );
    const calls = 'lightdom_mcp_call_duration_seconds_count';
    expect(sumOf(found, calls, { tool: 'system_status', outcome: 'ok' })).toBe(1);
    expect(sumOf(found, calls, { tool: 'run_get', outcome: 'not_found' })).toBe(1);
    expect(sumOf(found, calls, { tool: 'no_such_tool' })).toBeUndefined();
    const requests = 'lightdom_http_request_duration_seconds_count';
    expect(sumOf(found, requests, { route: '/mcp', status: '200' })).toBeGreaterThan(0);
    expect(sumOf(found, requests, { route: 'none', status: '404' })).toBe(1);
    expect(sumOf(found, 'lightdom_service_up', { service: 'workers' })).toBe(1);
    expect(sumOf(found, 'lightdom_graph_generation')).toBeGreaterThan(0);
  });

  it('counts a worker that was killed and started again', async () => {
    const { runs } = await master.services();
    const pids = async (): Promise<readonly number[]> => (await runs.listWorkers()).map(({ pid }) => pid);
    await expect.poll(pids, { timeout: 20_000 }).toHaveLength(1);
    process.kill((await pids())[0] ?? 0, 'SIGKILL');
    const restarts = async () => sumOf(await scrape(), 'lightdom_service_restarts_total', { service: 'workers' });
    await expect.poll(restarts, { timeout: 20_000 }).toBe(1);
  });

  it('has every metric that the dashboard and the alerts name', async () => {
    const { graph } = await master.services();
    // From then on edits are followed, and it is known how far behind the graph is.
    await graph.open(undefined);
    await expect
      .poll(async () => sumOf(await scrape(), 'lightdom_graph_pending_files'), { timeout: 20_000 })
      .toBeDefined();
    const { types } = await scrape();
    const texts = ['grafana-dashboard.json', 'alerts.yml', 'README.md'].map((name) =>
      readFileSync(join(FILES, name), 'utf8'),
    );
    const named = new Set(
      texts.flatMap((text) => text.match(/\b(?:lightdom|nodejs|process)_[a-z0-9_]*[a-z0-9]\b/g) ?? []),
    );
    const metrics = [...named].map((name) => name.replace(/_(?:bucket|count|sum)$/, ''));
    expect(metrics.filter((name) => !types.has(name))).toEqual([]);
    const own = [...types.keys()].filter((name) => name.startsWith('lightdom_'));
    for (const text of texts.slice(2)) expect(own.filter((name) => !text.includes(name))).toEqual([]);
  });

  it('passes the checks of promtool, where it is installed', async (context) => {
    const version = await runProcess('promtool', ['--version']).catch(() => undefined);
    if (version === undefined) return context.skip('promtool is not installed');
    await runProcess('promtool', ['check', 'rules', join(FILES, 'alerts.yml')]);
    await runProcess('promtool', ['check', 'config', '--syntax-only', join(FILES, 'prometheus.yml')]);
  });
});
