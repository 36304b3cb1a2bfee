import { join } from 'node:path';
import { databaseUrlOf } from './core/config/index.ts';
import type { LoadedConfig } from './core/config/index.ts';
import { agentService, autonomousAgent } from './autonomous-agent.ts';
import { acquireOwnerLock, openDataFolder } from './core/data-folder/index.ts';
import type { DataFolder, OwnerLock } from './core/data-folder/index.ts';
import { coreServices } from './core-services.ts';
import { connectDatabase, migrate, MIGRATIONS, resolvePostgres } from './core/db/index.ts';
import type { Database } from './core/db/index.ts';
import type { Log } from './core/log.ts';
import { newId } from './core/ids.ts';
import { createSealer } from './core/seal.ts';
import type { Sealer } from './core/seal.ts';
import { Orchestrator } from './orchestrator/orchestrator-runtime.ts';
import type { OpenedSystem } from './orchestrator/index.ts';
import { ownWorkerSettings } from './runs/run-runtime.ts';
import type { RunService } from './runs/index.ts';
import { graphServerServices } from './graph-server.ts';
import { Monitoring } from './monitoring.ts';
import { createRestSystem } from './rest-system.ts';
import {
  auditLogOf,
  createHttpServer,
  createLocalBackend,
  createToolPolicy,
  recordTools,
} from './server/server-runtime.ts';
import type { AuditLog, HttpServer, RestSystem, SurfaceBackend, ToolPolicy } from './server/index.ts';
import type { EventOutbox } from './events/index.ts';
import { SecretService } from './secrets/secret-runtime.ts';
import { ServiceGate } from './service-gate.ts';
import type { Services } from './services.ts';
import { createSubsystems } from './subsystems.ts';
import { createSupervision, readinessOf } from './supervision.ts';
import type { ProcessPart, ServiceView, SupervisorService } from './supervisor/index.ts';
import { buildParts } from './system-parts.ts';
import type { SystemParts } from './system-parts.ts';
import { createTracing } from './tracing.ts';
import type { Tracing } from './tracing.ts';
import { startWorkerProcesses } from './worker-processes.ts';
import type { WorkerProcesses } from './worker-processes.ts';
import type { Catalog } from './surface/index.ts';

export interface AppOptions {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  readonly catalog: Catalog;
  readonly version: string;
  /** Adds further kinds of runs, which this process must then execute itself (`runs.workers: 0`). */
  readonly register?: (runs: RunService) => void;
  /** Begins the stop of the process when REST asks for it; without it the orchestrator alone is stopped. */
  readonly requestStop?: () => void;
  /** It lives for one command: services of users are none of its business. */
  readonly isBrief?: boolean;
  /** Aborted when what is still being stopped is to be killed. */
  readonly hurry?: AbortSignal;
}

export interface App {
  readonly orchestrator: Orchestrator;
  /** The surface, run in this process. Its calls wait for the core services. */
  readonly backend: SurfaceBackend;
  /** Resolves once the core services are up; rejects when they could not come up. */
  services(): Promise<Services>;
  /** Base URL of the HTTP surface while it listens. */
  url(): string | undefined;
}

/**
 * The composition root: every service is built here, top to bottom, and nowhere else. Importing it starts nothing. Throws
 * `invalid_input` where the configuration names a tool or toolset that the catalog does not have.
 */
export function createApp(options: AppOptions): App {
  return new Composition(options);
}

/** For an answer to be written that says that everything stops now. */
const ANSWER_FIRST_MS = 100;

interface Bases {
  readonly folder: DataFolder;
  readonly lock: OwnerLock;
  readonly database: Database;
}

interface SurfaceParts extends Bases {
  readonly services: () => Services;
  readonly events: EventOutbox;
}

class Composition implements App {
  readonly orchestrator: Orchestrator;
  readonly backend: SurfaceBackend;
  readonly #options: AppOptions;
  readonly #policy: ToolPolicy;
  readonly #audit: AuditLog | undefined;
  readonly #secrets: SecretService;
  readonly #monitoring: Monitoring;
  readonly #closers: (() => Promise<void> | void)[] = [];
  readonly #tracing: Tracing;
  readonly #gate: ServiceGate;
  #url: string | undefined;
  #sealer: Sealer | undefined;
  /** With what a part has failed to start. */
  readonly #failures = new Map<string, unknown>();
  #supervisor: SupervisorService | undefined;

  constructor(options: AppOptions) {
    this.#options = options;
    const { catalog, log, loaded } = options;
    this.#policy = createToolPolicy(catalog, loaded.config.mcp);
    this.#monitoring = new Monitoring(options);
    this.#tracing = createTracing({ loaded, log, role: 'master' });
    this.#audit = this.#monitoring.observe(auditLogOf(loaded.config, log));
    this.#secrets = new SecretService({ loaded, log, baseUrl: () => this.#url });
    this.backend = createLocalBackend({
      catalog,
      log,
      audit: this.#audit,
      sealer: () => this.#openSealer(),
      services: () => this.services(),
      approval: loaded.config.mcp.approval,
      tracer: this.#tracing.tracer,
    });
    this.orchestrator = new Orchestrator({
      log,
      phases: loaded.config,
      statusIntervalMs: loaded.config.services.startup.statusInterval,
      open: () => this.#open(),
    });
    const getStatus = () => this.orchestrator.getStatus();
    this.#gate = new ServiceGate({ events: this.orchestrator.events, getStatus });
    this.#monitoring.watch(this.orchestrator);
  }

  services(): Promise<Services> {
    return this.#gate.services();
  }

  url(): string | undefined {
    return this.#url;
  }

  /** Its key comes of the folder's token: what was sealed before a restart opens after it. */
  #openSealer(): Sealer {
    this.#sealer ??= createSealer(openDataFolder(this.#options.loaded.config.dataDir).readToken());
    return this.#sealer;
  }

  /** What was opened is closed again, last first, when a later part fails. */
  async #open(): Promise<OpenedSystem> {
    try {
      return await this.#build();
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  async #build(): Promise<OpenedSystem> {
    const { log, version, loaded } = this.#options;
    const { config } = loaded;
    const folder = openDataFolder(config.dataDir);
    const lock = acquireOwnerLock(folder.path, { version, workspace: config.workspace });
    this.#closers.push(() => lock.release());
    if (config.http.token !== undefined) folder.keepToken(config.http.token);
    recordTools({ file: join(folder.path, 'tools.json'), catalog: this.#options.catalog, log });
    const workers = startWorkerProcesses({ loaded, log, monitoring: this.#monitoring });
    this.#closers.push(() => workers?.stop());
    const database = await this.#openDatabase(folder);
    const worker = workers === undefined ? ownWorkerSettings(config.runs, config.dataDir) : undefined;
    this.#closers.push(() => this.#tracing.close());
    const parts = await buildParts({ database, config, log, worker, isAnswering: true, tracer: this.#tracing.tracer });
    this.#closers.push(() => parts.close());
    this.#options.register?.(parts.runs);
    const services = await this.#assemble(parts, { database, folder, lock, workers });
    return {
      subsystems: createSubsystems(services, {
        agent: autonomousAgent(parts),
        failureOf: (part) => this.#failures.get(part),
        hurry: this.#options.hurry,
      }),
      close: () => this.#close(),
    };
  }

  async #assemble(
    { close: _close, agentDaemon, ...parts }: SystemParts,
    { workers, ...bases }: Bases & { readonly workers: WorkerProcesses | undefined },
  ): Promise<Services> {
    const { log, loaded, isBrief = false } = this.#options;
    const views = (): readonly ServiceView[] => this.#supervisor?.list() ?? [];
    const { orchestrator } = this;
    const { database, folder } = bases;
    const events = await this.#monitoring.open({ ...parts, database, services: views });
    this.#closers.push(() => this.#monitoring.close());
    const supervisor = await createSupervision({
      loaded,
      log,
      database,
      isBrief,
      inner: [
        ...coreServices({ ...parts, config: loaded.config, database, workers }),
        agentService(agentDaemon),
        ...this.#graphServer(folder),
      ],
      surface: this.#surfaceService({ ...bases, services: () => services, events }),
      orchestrator,
      failures: this.#failures,
      stop: () => this.#stop(),
    });
    this.#supervisor = supervisor;
    this.#monitoring.followServices(supervisor);
    const services: Services = {
      ...parts,
      orchestrator,
      secrets: this.#secrets,
      supervisor,
      requestStop: () => void setTimeout(() => this.#stop(), ANSWER_FIRST_MS),
    };
    return services;
  }

  async #openDatabase(folder: DataFolder): Promise<Database> {
    const { log, loaded } = this.#options;
    const url = databaseUrlOf(loaded);
    const postgres = await resolvePostgres({
      ...(url === undefined ? {} : { url }),
      dataDir: folder.postgresPath,
      durability: loaded.config.database.durability,
      log,
    });
    this.#closers.push(() => postgres.stop());
    const database = await connectDatabase({
      url: postgres.url,
      log,
      applicationName: `lightdom ${newId().slice(0, 12)}`,
    });
    this.#closers.push(() => database.close());
    await migrate(database, MIGRATIONS);
    return database;
  }

  /** Before the surface: a port that is taken is said before anything is served. */
  #graphServer(folder: DataFolder): ProcessPart[] {
    const { log, catalog, version, loaded } = this.#options;
    return graphServerServices({
      config: loaded.config,
      log,
      catalog,
      version,
      policy: this.#policy,
      token: folder.readToken(),
      audit: this.#audit,
      tracer: this.#tracing.tracer,
      sealer: () => this.#openSealer(),
      services: () => this.services(),
      readiness: () => readinessOf(this.orchestrator, this.#supervisor),
    });
  }

  /** Last of the core services: when it is up, calls are answered. */
  #surfaceService({ lock, services, ...parts }: SurfaceParts): ProcessPart {
    const { enabled } = this.#options.loaded.config.http;
    let server: HttpServer | undefined;
    return {
      name: 'api',
      isCritical: true,
      isFixed: true,
      start: async () => {
        if (enabled) {
          server = await this.#serve(parts);
          this.#url = server.url;
          lock.publishUrl(server.url);
        }
        this.#gate.open(services());
        return this.#url ?? 'in this process only';
      },
      stop: async () => {
        this.#url = undefined;
        await server?.close();
      },
      problem: () => (!enabled || this.#url !== undefined ? undefined : 'it does not listen'),
    };
  }

  #serve({ folder, events, database }: Pick<SurfaceParts, 'folder' | 'events' | 'database'>): Promise<HttpServer> {
    const { log, catalog, version, loaded } = this.#options;
    return createHttpServer({
      config: loaded.config.http,
      token: folder.readToken(),
      catalog,
      backend: this.backend,
      audit: this.#audit,
      log,
      version,
      policy: this.#policy,
      secrets: this.#secrets,
      rest: this.#restSystem(database),
      readiness: () => readinessOf(this.orchestrator, this.#supervisor),
      startup: () => this.#monitoring.startup(),
      events: { outbox: events },
      metrics: this.#monitoring.metrics,
    });
  }

  #restSystem(database: Database): RestSystem {
    const { orchestrator } = this;
    return createRestSystem({ loaded: this.#options.loaded, orchestrator, database, stop: () => this.#stop() });
  }

  /** A stop that fails says so by an event. */
  #stop(): void {
    const { requestStop = () => void this.orchestrator.stop().catch(() => {}) } = this.#options;
    requestStop();
  }

  async #close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }
}
