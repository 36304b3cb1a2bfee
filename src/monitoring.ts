import type { LoadedConfig } from './core/config/index.ts';
import type { Database } from './core/db/index.ts';
import type { Log } from './core/log.ts';
import { EventOutbox, EventOutboxStore } from './events/event-runtime.ts';
import type { GraphService } from './graph/index.ts';
import { publishGraph, publishOrchestrator, publishRun, publishServices } from './live-sources.ts';
import { Metrics } from './metrics/metrics-runtime.ts';
import type { AvailabilityFacts, GraphFacts, RunFacts, ServiceFacts } from './metrics/index.ts';
import type { Orchestrator } from './orchestrator/index.ts';
import { localQueueOf } from './runs/run-runtime.ts';
import type { RunCount, RunMeasurement, RunService } from './runs/index.ts';
import { observedCalls } from './server/server-runtime.ts';
import type { AuditLog } from './server/index.ts';
import type { ServiceView, SupervisorService } from './supervisor/index.ts';
import type { Catalog } from './surface/index.ts';

export interface MonitoringOptions {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  readonly catalog: Catalog;
  readonly version: string;
}

interface OpenParts {
  readonly database: Database;
  readonly runs: RunService;
  readonly graph: GraphService;
  readonly services: () => readonly ServiceView[];
}

const HOUR_MS = 3_600_000;
const WINDOWS = [
  { window: '1h', ms: HOUR_MS },
  { window: '24h', ms: 24 * HOUR_MS },
] as const;

/** By which the outside sees how the system is: live events, metrics, and whether it has started. */
export class Monitoring {
  readonly metrics: Metrics;
  readonly #options: MonitoringOptions;
  readonly #restarts = new Map<string, () => number>();
  readonly #stops: (() => void)[] = [];
  #orchestrator: Orchestrator | undefined;
  #outbox: EventOutbox | undefined;
  #supervisor: SupervisorService | undefined;
  #startup = { ready: false, reason: 'not begun' };
  #generation: number | undefined;

  constructor(options: MonitoringOptions) {
    const { version, log, catalog } = options;
    this.#options = options;
    const toolNames = catalog.toolsets.flatMap(({ tools }) => tools.map(({ name }) => name));
    this.metrics = new Metrics({ version, toolNames, log });
  }

  /** The record of calls, which measures them too. */
  observe(audit: AuditLog | undefined): AuditLog {
    return observedCalls(audit, ({ kind, name, outcome, durationMs }) => {
      if (kind === 'tool') this.metrics.observeCall({ tool: name, outcome, seconds: durationMs / 1000 });
    });
  }

  /** Before its start. */
  watch(orchestrator: Orchestrator): void {
    this.#orchestrator = orchestrator;
    orchestrator.events.on('phase', ({ phase, title, outcome }) => {
      if (!this.#startup.ready) this.#startup = { ready: false, reason: `phase ${phase}, ${title}: ${outcome}` };
    });
    orchestrator.events.on('started', () => {
      this.#startup = { ready: true, reason: 'started' };
    });
  }

  /** Whether the first start has been finished; it stays so. */
  startup(): { readonly ready: boolean; readonly reason: string } {
    return this.#startup;
  }

  countRestarts(service: string, restarts: () => number): void {
    this.#restarts.set(service, restarts);
  }

  measured(measured: RunMeasurement): void {
    if (measured.what === 'step') this.metrics.observeStep(measured);
    else this.metrics.countItems(measured.kind, measured.count);
  }

  /** Once the database is there, and before anything happens that is to be told of. */
  async open({ database, runs, graph, services }: OpenParts): Promise<EventOutbox> {
    const { log, loaded } = this.#options;
    const stream = localQueueOf(loaded.config.dataDir);
    const outbox = new EventOutbox({ store: new EventOutboxStore(database), log, stream });
    await outbox.open();
    this.#outbox = outbox;
    const root = await graph.rootOf(undefined).catch(() => undefined);
    const onChanged = (workspace: string, generation: number | undefined): void => {
      if (workspace === root) this.#generation = generation;
    };
    if (root !== undefined) onChanged(root, (await graph.summary(root)).generation);
    this.#stops.push(
      outbox.listen((events) => {
        for (const { type } of events) this.metrics.countEvent(type);
      }),
      await runs.follow((news) => publishRun(news, outbox)),
      runs.events.on('measured', (measured) => this.measured(measured)),
      publishGraph(graph, outbox, { log, onChanged }),
    );
    if (this.#orchestrator !== undefined) this.#stops.push(publishOrchestrator(this.#orchestrator, outbox, log));
    this.metrics.connect({
      runs: async () => factsOf(await runs.countAll(), stream),
      services: () => services().flatMap((view) => this.#facts(view)),
      availability: () => availabilityOf(this.#supervisor),
      graph: () => this.#graphFacts(graph),
    });
    return outbox;
  }

  /** Once there is a supervisor, and before it starts anything. */
  followServices(supervisor: SupervisorService): void {
    this.#supervisor = supervisor;
    if (this.#outbox !== undefined) this.#stops.push(publishServices(supervisor, this.#outbox));
  }

  async close(): Promise<void> {
    this.metrics.connect(undefined);
    for (const stop of this.#stops.splice(0)) stop();
    this.#restarts.clear();
    this.#outbox?.publish({ type: 'stopped', data: {} });
    await this.#outbox?.close();
    this.#outbox = undefined;
    this.#supervisor = undefined;
  }

  #facts({
    name,
    state,
    isEnabled,
    isAttached,
    restarts,
    memoryBytes,
    cpuPercent,
  }: ServiceView): readonly ServiceFacts[] {
    if (!isEnabled) return [];
    // What is not ours is not started again by us.
    const count = this.#restarts.get(name)?.() ?? restarts;
    return [{ name, isUp: state === 'ready', restarts: isAttached ? undefined : count, memoryBytes, cpuPercent }];
  }

  #graphFacts(graph: GraphService): GraphFacts {
    return { generation: this.#generation, pendingFiles: graph.following().pending };
  }
}

async function availabilityOf(supervisor: SupervisorService | undefined): Promise<AvailabilityFacts[]> {
  const facts: AvailabilityFacts[] = [];
  for (const { name: service, isEnabled } of supervisor?.list() ?? []) {
    if (!isEnabled) continue;
    for (const { window, ms } of WINDOWS) {
      const ratio = (await supervisor?.availability(service, ms))?.ratio;
      if (ratio !== undefined) facts.push({ service, window, ratio });
    }
  }
  return facts;
}

/** Masters that share a database have a queue each: those of others are one. */
function factsOf(counts: readonly RunCount[], ownQueue: string): RunFacts[] {
  return counts.map(({ queue, ...count }) => {
    if (!queue.startsWith('local-')) return { ...count, queue };
    return { ...count, queue: queue === ownQueue ? 'local' : 'local_elsewhere' };
  });
}
