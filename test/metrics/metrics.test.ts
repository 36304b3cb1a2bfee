import { beforeEach, describe, expect, it } from 'vitest';
import { createSilentLog } from '../../src/core/log.ts';
import { Metrics } from '../../src/metrics/metrics-runtime.ts';
import type { AvailabilityFacts, GraphFacts, MetricSources, RunFacts, ServiceFacts } from '../../src/metrics/index.ts';
import { readScrape, sumOf } from '../support/prometheus-text.ts';
import type { Scrape } from '../support/prometheus-text.ts';

const log = createSilentLog();

describe('metrics', () => {
  let nowMs = 0;
  let queries = 0;
  let histories = 0;
  let availability: readonly AvailabilityFacts[] = [];
  let runs: () => Promise<readonly RunFacts[]>;
  let graph: GraphFacts = {};
  let services: readonly ServiceFacts[] = [];
  let metrics: Metrics;

  const sources = (): MetricSources => ({
    runs: () => {
      queries += 1;
      return runs();
    },
    services: () => services,
    availability: () => {
      histories += 1;
      return Promise.resolve(availability);
    },
    graph: () => graph,
  });

  const scrape = async (): Promise<Scrape> => readScrape(await metrics.text());

  beforeEach(() => {
    nowMs = 0;
    queries = 0;
    histories = 0;
    availability = [];
    graph = {};
    services = [];
    runs = () => Promise.resolve([]);
    metrics = new Metrics({ version: '1.2.3', toolNames: ['graph_search'], log, now: () => nowMs });
    metrics.connect(sources());
  });

  it('counts runs by one query at most, and by none within five seconds of another', async () => {
    runs = () => Promise.resolve([{ kind: 'drill', status: 'running', queue: 'runs', count: 2 }]);
    await Promise.all([scrape(), scrape(), scrape()]);
    expect(queries).toBe(1);
    nowMs = 4_999;
    expect(sumOf(await scrape(), 'lightdom_runs')).toBe(2);
    expect(queries).toBe(1);
    runs = () => Promise.resolve([{ kind: 'drill', status: 'completed', queue: 'runs', count: 3 }]);
    nowMs = 5_000;
    const later = await scrape();
    expect(queries).toBe(2);
    expect(sumOf(later, 'lightdom_runs', { kind: 'drill', state: 'completed' })).toBe(3);
    expect(sumOf(later, 'lightdom_runs', { state: 'running' })).toBeUndefined();
  });

  it('adds up what waits in a queue, and says 0 for one in which nothing does', async () => {
    runs = () =>
      Promise.resolve([
        { kind: 'drill', status: 'pending', queue: 'runs', count: 2 },
        { kind: 'graph_index', status: 'pending', queue: 'runs', count: 1 },
        { kind: 'graph_index', status: 'running', queue: 'local', count: 4 },
      ]);
    const found = await scrape();
    expect(sumOf(found, 'lightdom_queue_depth', { queue: 'runs' })).toBe(3);
    expect(sumOf(found, 'lightdom_queue_depth', { queue: 'local' })).toBe(0);
  });

  it('leaves out what it does not know, in place of a zero', async () => {
    const names = ['lightdom_graph_generation', 'lightdom_graph_pending_files', 'lightdom_event_streams'];
    const before = await scrape();
    expect([...names, 'lightdom_runs'].filter((name) => sumOf(before, name) !== undefined)).toEqual([]);
    graph = { generation: 7, pendingFiles: 0 };
    metrics.countStreams(() => ({ open: 0, dropped: 0 }));
    const known = await scrape();
    expect(names.map((name) => sumOf(known, name))).toEqual([7, 0, 0]);
    graph = { generation: 8 };
    const later = await scrape();
    expect(names.map((name) => sumOf(later, name))).toEqual([8, undefined, 0]);
  });

  it('still answers when the database does not, and without sources', async () => {
    runs = () => Promise.resolve([{ kind: 'drill', status: 'running', queue: 'runs', count: 2 }]);
    await scrape();
    nowMs = 60_000;
    runs = () => Promise.reject(new Error('away'));
    const away = await scrape();
    expect(sumOf(away, 'lightdom_runs')).toBeUndefined();
    metrics.connect(undefined);
    expect(sumOf(await scrape(), 'lightdom_build_info', { version: '1.2.3' })).toBe(1);
  });

  it('reads the availability of services once a minute at most', async () => {
    const name = 'lightdom_service_availability_ratio';
    availability = [
      { service: 'web', window: '1h', ratio: 0.5 },
      { service: 'web', window: '24h', ratio: 0.75 },
    ];
    const [first] = await Promise.all([scrape(), scrape()]);
    expect(sumOf(first, name, { service: 'web', window: '1h' })).toBe(0.5);
    expect(sumOf(first, name, { service: 'web', window: '24h' })).toBe(0.75);
    availability = [{ service: 'web', window: '1h', ratio: 1 }];
    nowMs = 59_999;
    expect(sumOf(await scrape(), name, { window: '1h' })).toBe(0.5);
    expect(histories).toBe(1);
    nowMs = 60_000;
    const later = await scrape();
    expect(sumOf(later, name, { window: '1h' })).toBe(1);
    expect(sumOf(later, name, { window: '24h' })).toBeUndefined();
    expect(histories).toBe(2);
  });

  it('shows memory and processors of services that have processes', async () => {
    services = [
      { name: 'web', isUp: true, restarts: 0, memoryBytes: 1024, cpuPercent: 150 },
      { name: 'api', isUp: true, restarts: 0 },
    ];
    const found = await scrape();
    expect(sumOf(found, 'lightdom_service_memory_bytes', { service: 'web' })).toBe(1024);
    expect(sumOf(found, 'lightdom_service_cpu_ratio', { service: 'web' })).toBe(1.5);
    expect(sumOf(found, 'lightdom_service_memory_bytes', { service: 'api' })).toBeUndefined();
  });

  it('shows services with their restarts where they are known', async () => {
    services = [
      { name: 'database', isUp: true, restarts: undefined },
      { name: 'workers', isUp: false, restarts: 3 },
    ];
    await scrape();
    services = [
      { name: 'database', isUp: true, restarts: undefined },
      { name: 'workers', isUp: true, restarts: 4 },
    ];
    const found = await scrape();
    expect(sumOf(found, 'lightdom_service_up', { service: 'workers' })).toBe(1);
    expect(sumOf(found, 'lightdom_service_restarts_total', { service: 'workers' })).toBe(4);
    expect(sumOf(found, 'lightdom_service_restarts_total', { service: 'database' })).toBeUndefined();
  });

  it('knows calls by the tools that exist alone', async () => {
    for (const tool of ['graph_search', 'made_up', 'x"} 1\n']) {
      metrics.observeCall({ tool, outcome: 'ok', seconds: 0.2 });
    }
    const found = await scrape();
    const count = 'lightdom_mcp_call_duration_seconds_count';
    expect(sumOf(found, count, { tool: 'graph_search' })).toBe(1);
    expect(sumOf(found, count, { tool: 'unknown' })).toBe(2);
    expect(sumOf(found, count)).toBe(3);
    expect(sumOf(found, 'lightdom_mcp_call_duration_seconds_bucket', { tool: 'graph_search', le: '0.1' })).toBe(0);
    expect(sumOf(found, 'lightdom_mcp_call_duration_seconds_bucket', { tool: 'graph_search', le: '0.25' })).toBe(1);
  });

  it('measures steps, operations and events', async () => {
    metrics.observeStep({ kind: 'drill', isOk: true, seconds: 1 });
    metrics.observeStep({ kind: 'drill', isOk: false, seconds: 2 });
    metrics.countItems('drill_chunk', 500);
    metrics.countItems('drill_chunk', 250);
    metrics.countEvent('status');
    const found = await scrape();
    expect(sumOf(found, 'lightdom_run_step_duration_seconds_sum', { outcome: 'failed' })).toBe(2);
    expect(sumOf(found, 'lightdom_run_step_duration_seconds_count', { kind: 'drill' })).toBe(2);
    expect(sumOf(found, 'lightdom_batch_items_total', { kind: 'drill_chunk' })).toBe(750);
    expect(sumOf(found, 'lightdom_events_total', { type: 'status' })).toBe(1);
  });

  it('has a help text for each, and names as Prometheus wants them', async () => {
    metrics.countStreams(() => ({ open: 0, dropped: 0 }));
    graph = { generation: 1, pendingFiles: 1 };
    const { types, helps } = await scrape();
    const own = [...types].filter(([name]) => name.startsWith('lightdom_'));
    expect(own).toHaveLength(17);
    expect(own.filter(([name]) => !/^\S.*\.$/.test(helps.get(name) ?? ''))).toEqual([]);
    expect(own.filter(([name, type]) => name.endsWith('_total') !== (type === 'counter'))).toEqual([]);
    expect(own.filter(([name, type]) => name.endsWith('_seconds') !== (type === 'histogram'))).toEqual([]);
    expect(types.get('nodejs_eventloop_lag_p99_seconds')).toBe('gauge');
    expect(types.get('process_cpu_seconds_total')).toBe('counter');
  });

  it('keeps two apps in one process apart', async () => {
    const other = new Metrics({ version: '9', toolNames: [], log });
    metrics.countEvent('status');
    expect(sumOf(readScrape(await other.text()), 'lightdom_events_total')).toBeUndefined();
    expect(sumOf(await scrape(), 'lightdom_events_total')).toBe(1);
  });
});
