import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { AvailabilityGauge } from './availability-gauge.ts';
import type { MetricSources, RunFacts, StreamFacts } from './metric-sources.ts';
import { OptionalGauge } from './optional-gauge.ts';

export interface MetricsDeps {
  readonly version: string;
  /** Under any other name a call is counted as `unknown`. */
  readonly toolNames: readonly string[];
  readonly log: Log;
  /** Milliseconds that only grow; the default is the process's own clock. */
  readonly now?: () => number;
}

export interface StepObservation {
  readonly kind: string;
  readonly isOk: boolean;
  readonly seconds: number;
}

export interface CallObservation {
  readonly tool: string;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  readonly seconds: number;
}

export interface HttpObservation {
  readonly method: string;
  /** The pattern, not the path. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Counting runs reads all of them; no dashboard is looked at more often. */
const RUNS_FOR_MS = 5_000;

const ANSWER_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
/** From a row to a chunk of many minutes. */
const STEP_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10, 30, 120, 600];

/** What is measured of one app. Observing never throws for a value that the types allow. */
export class Metrics {
  readonly #deps: MetricsDeps;
  readonly #now: () => number;
  readonly #registry = new Registry();
  readonly #toolNames: ReadonlySet<string>;
  readonly #runs;
  readonly #queueDepth;
  readonly #steps;
  readonly #items;
  readonly #services;
  readonly #availability;
  readonly #generation;
  readonly #pending;
  readonly #http;
  readonly #calls;
  readonly #events;
  #sources: MetricSources | undefined;
  #counted: { readonly atMs: number; readonly done: Promise<void> } | undefined;
  #hasDefaults = false;

  constructor(deps: MetricsDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? (() => performance.now());
    this.#toolNames = new Set(deps.toolNames);
    this.#runs = this.#gauge('lightdom_runs', 'Runs that are kept, by kind and state.', ['kind', 'state']);
    this.#queueDepth = this.#gauge('lightdom_queue_depth', 'Runs that wait for a worker.', ['queue']);
    this.#steps = this.#histogram(
      ['lightdom_run_step_duration_seconds', 'Duration of steps of runs, with their commit.', STEP_BUCKETS],
      ['kind', 'outcome'],
    );
    this.#items = this.#counter('lightdom_batch_items_total', 'Operations that batches have stored.', ['kind']);
    this.#services = this.#serviceMetrics();
    this.#availability = new AvailabilityGauge(this.#registry, this.#now);
    this.#generation = new OptionalGauge(this.#registry, {
      name: 'lightdom_graph_generation',
      help: 'Number of the published graph of the default workspace.',
    });
    this.#pending = new OptionalGauge(this.#registry, {
      name: 'lightdom_graph_pending_files',
      help: 'Files that the graph of the default workspace is behind with, while edits are followed.',
    });
    this.#http = this.#histogram(
      ['lightdom_http_request_duration_seconds', 'Duration of HTTP requests, streams left out.', ANSWER_BUCKETS],
      ['method', 'route', 'status'],
    );
    this.#calls = this.#histogram(
      ['lightdom_mcp_call_duration_seconds', 'Duration of tool calls.', ANSWER_BUCKETS],
      ['tool', 'outcome'],
    );
    this.#events = this.#counter('lightdom_events_total', 'Live events that were stored and handed out.', ['type']);
    this.#gauge('lightdom_build_info', 'Always 1; the version is a label.', ['version']).set(
      { version: deps.version },
      1,
    );
  }

  /** Of the text. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Without sources, as before the start and after the stop, a scrape has only what was observed. */
  connect(sources: MetricSources | undefined): void {
    this.#sources = sources;
    this.#counted = undefined;
    this.#availability.forget();
  }

  countStreams(streams: () => StreamFacts): void {
    for (const name of ['lightdom_event_streams', 'lightdom_event_streams_dropped_total']) {
      this.#registry.removeSingleMetric(name);
    }
    const registers = [this.#registry];
    const open: Gauge = new Gauge({
      name: 'lightdom_event_streams',
      help: 'Streams of live events that are open.',
      registers,
      collect: () => open.set(streams().open),
    });
    const dropped: Counter = new Counter({
      name: 'lightdom_event_streams_dropped_total',
      help: 'Streams of live events that were cut because their client took too little.',
      registers,
      collect: () => {
        dropped.reset();
        dropped.inc(streams().dropped);
      },
    });
  }

  observeStep({ kind, isOk, seconds }: StepObservation): void {
    this.#steps.observe({ kind, outcome: isOk ? 'ok' : 'failed' }, seconds);
  }

  countItems(kind: string, count: number): void {
    this.#items.inc({ kind }, count);
  }

  countEvent(type: string): void {
    this.#events.inc({ type });
  }

  observeCall({ tool, outcome, seconds }: CallObservation): void {
    this.#calls.observe({ tool: this.#toolNames.has(tool) ? tool : 'unknown', outcome }, seconds);
  }

  observeHttp({ method, route, status, seconds }: HttpObservation): void {
    this.#http.observe({ method, route, status: String(status) }, seconds);
  }

  /** Everything in the text exposition format. */
  async text(): Promise<string> {
    if (!this.#hasDefaults) {
      // Not before somebody asks: they keep a clock of the event loop and a watch on garbage collections.
      this.#hasDefaults = true;
      collectDefaultMetrics({ register: this.#registry });
    }
    const sources = this.#sources;
    await this.#countRuns();
    if (sources !== undefined) await this.#availability.refresh(() => sources.availability());
    this.#look();
    return this.#registry.metrics();
  }

  #serviceMetrics() {
    const labels = ['service'] as const;
    return {
      up: this.#gauge('lightdom_service_up', '1 for a service that runs and is healthy, else 0.', labels),
      restarts: this.#counter('lightdom_service_restarts_total', 'Restarts after an unexpected end.', labels),
      memory: this.#gauge('lightdom_service_memory_bytes', 'Memory of the processes of a service.', labels),
      cpu: this.#gauge('lightdom_service_cpu_ratio', 'Processors that a service keeps busy; 1 is one of them.', labels),
    };
  }

  #look(): void {
    const { up, restarts, memory, cpu } = this.#services;
    for (const metric of [up, restarts, memory, cpu]) metric.reset();
    for (const { name: service, isUp, restarts: count, memoryBytes, cpuPercent } of this.#sources?.services() ?? []) {
      up.set({ service }, isUp ? 1 : 0);
      if (count !== undefined) restarts.inc({ service }, count);
      if (memoryBytes !== undefined) memory.set({ service }, memoryBytes);
      if (cpuPercent !== undefined) cpu.set({ service }, cpuPercent / 100);
    }
    const { generation, pendingFiles } = this.#sources?.graph() ?? {};
    this.#generation.set(generation);
    this.#pending.set(pendingFiles);
  }

  /** Whoever comes while it is being counted waits for the same count. */
  #countRuns(): Promise<void> {
    const known = this.#counted;
    if (known !== undefined && this.#now() - known.atMs < RUNS_FOR_MS) return known.done;
    const counted = { atMs: this.#now(), done: this.#readRuns() };
    this.#counted = counted;
    return counted.done;
  }

  async #readRuns(): Promise<void> {
    let rows: readonly RunFacts[] = [];
    try {
      rows = (await this.#sources?.runs()) ?? [];
    } catch (error) {
      this.#deps.log.debug({ reason: messageOf(error) }, 'runs could not be counted');
    }
    this.#runs.reset();
    this.#queueDepth.reset();
    for (const { kind, status, queue, count } of rows) {
      this.#runs.inc({ kind, state: status }, count);
      this.#queueDepth.inc({ queue }, status === 'pending' ? count : 0);
    }
  }

  #gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram<L extends string>(
    [name, help, buckets]: readonly [string, string, number[]],
    labelNames: readonly L[],
  ): Histogram<L> {
    return new Histogram({ name, help, buckets, labelNames, registers: [this.#registry] });
  }
}
