import { AppError } from '../core/errors.ts';
import { TypedEvents } from '../core/events.ts';
import type { EventSource } from '../core/events.ts';
import type { Log } from '../core/log.ts';
import { SUBSYSTEM_KEYS } from './orchestrator-schema.ts';
import type { LifecycleState, PhaseReport, SubsystemStatus, SystemStatus } from './orchestrator-schema.ts';
import { StartPhases } from './start-phases.ts';
import type { PhaseSwitches } from './start-phases.ts';
import type { Subsystem } from './subsystem.ts';

export interface OrchestratorEvents {
  initialized: [];
  started: [];
  /** A stop has begun: everything still answers. */
  stopping: [];
  stopped: [];
  /** What a phase of `start` came to. */
  phase: [PhaseReport];
  /** Again and again while running, 30 s apart unless configured. */
  status: [SystemStatus];
  warning: [string];
  error: [unknown];
}

/** What `open` brings up: the parts, in order, and the way to take everything below them down again. */
export interface OpenedSystem {
  readonly subsystems: readonly Subsystem[];
  close(): Promise<void>;
}

export interface OrchestratorDeps {
  readonly log: Log;
  /** Which of the optional phases run. */
  readonly phases: PhaseSwitches;
  /** Time between two `status` events; 30 s without it. */
  readonly statusIntervalMs?: number;
  readonly open: () => Promise<OpenedSystem>;
}

const STATUS_INTERVAL_MS = 30_000;

const NO_METRICS: SystemStatus['metrics'] = {
  systemUptime: 0,
  servicesRunning: 0,
  campaignsActive: 0,
  agentsRunning: 0,
  indexingProgress: 0,
  trainingProgress: 0,
};

/**
 * Brings the ten subsystems up in order and down in reverse. It knows their order, phases and states, and nothing of
 * what they do.
 */
export class Orchestrator {
  readonly events: EventSource<OrchestratorEvents>;
  readonly #events = new TypedEvents<OrchestratorEvents>();
  readonly #deps: OrchestratorDeps;
  readonly #phases: StartPhases;
  #state: LifecycleState = 'created';
  #opened: OpenedSystem | undefined;
  #startedAtMs: number | undefined;
  #statusTimer: NodeJS.Timeout | undefined;
  /** Settles when the latest `initialize` or `start` has, whatever came of it. */
  #underway: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  constructor(deps: OrchestratorDeps) {
    this.#deps = deps;
    this.events = this.#events;
    this.#phases = new StartPhases(deps.phases, {
      reported: (report) => this.#events.emit('phase', report),
      warned: (message) => this.#events.emit('warning', message),
    });
  }

  /** Opens the database and builds all ten subsystems. Throws, with status `error` and an `error` event, when it can't. */
  initialize(): Promise<void> {
    return this.#rising(() => this.#initialize());
  }

  /**
   * Runs the five phases. A phase that is unavailable warns; one that throws ends the start with status `error`, and the
   * next `start` goes on with it: what was done stays done.
   */
  start(): Promise<void> {
    return this.#rising(async () => {
      if (this.#opened === undefined && this.#state !== 'initializing') await this.#initialize();
      await this.#start();
    });
  }

  /**
   * Stops all parts in reverse order, then the database. Safe at any time and when called twice; a start that is under
   * way is let finish first, so that nothing is left half up.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll().finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /** Tells who listens of something that a person should know. */
  warn(message: string): void {
    this.#events.emit('warning', message);
  }

  /** Tells who listens of a failure, whatever state the whole is in. */
  report(error: unknown): void {
    this.#events.emit('error', error);
  }

  getStatus(): SystemStatus {
    const uptime = this.#startedAtMs === undefined ? 0 : Math.round((Date.now() - this.#startedAtMs) / 1000);
    const subsystems = this.#opened?.subsystems ?? [];
    const metrics = { ...NO_METRICS };
    for (const subsystem of subsystems) Object.assign(metrics, subsystem.metrics?.());
    metrics.systemUptime = uptime;
    const orchestrators = Object.fromEntries(subsystems.map((subsystem) => [subsystem.key, this.#statusOf(subsystem)]));
    return { status: this.#state, uptime, metrics, orchestrators };
  }

  /** How far the start has come stands with the part that begins it. */
  #statusOf(subsystem: Subsystem): SubsystemStatus {
    const status = subsystem.status();
    if (subsystem.key !== 'startup') return status;
    return { ...status, details: { ...status.details, phases: this.#phases.reports() } };
  }

  #rising(work: () => Promise<void>): Promise<void> {
    const risen = work();
    this.#underway = risen.catch(() => {});
    return risen;
  }

  async #initialize(): Promise<void> {
    const isFailed = this.#state === 'error' && this.#opened === undefined;
    if (!isFailed) this.#require(['created', 'stopped'], 'initialize');
    this.#state = 'initializing';
    this.#phases.reset();
    try {
      this.#opened = await openInOrder(this.#deps);
      this.#state = 'initialized';
      this.#events.emit('initialized');
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  async #start(): Promise<void> {
    this.#require(['initialized', 'error'], 'start');
    this.#state = 'starting';
    this.#startedAtMs ??= Date.now();
    try {
      await this.#phases.run(this.#opened?.subsystems ?? []);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    this.#state = 'running';
    const { statusIntervalMs = STATUS_INTERVAL_MS } = this.#deps;
    this.#statusTimer = setInterval(() => this.#events.emit('status', this.getStatus()), statusIntervalMs);
    this.#statusTimer.unref();
    this.#events.emit('started');
  }

  async #stopAll(): Promise<void> {
    await this.#underway;
    if (this.#state === 'created' || this.#state === 'stopped') return;
    this.#state = 'stopping';
    clearInterval(this.#statusTimer);
    this.#events.emit('stopping');
    for (const subsystem of (this.#opened?.subsystems ?? []).toReversed()) {
      await this.#attempt(subsystem.key, () => subsystem.stop());
    }
    await this.#attempt('database', async () => this.#opened?.close());
    this.#opened = undefined;
    this.#startedAtMs = undefined;
    this.#state = 'stopped';
    this.#events.emit('stopped');
  }

  /** One part that fails to stop must not keep the others up. */
  async #attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#deps.log.error({ part: name, err: error }, 'a part failed to stop');
      this.#events.emit('error', error);
    }
  }

  #fail(error: unknown): void {
    this.#state = 'error';
    this.#events.emit('error', error);
  }

  #require(allowed: readonly LifecycleState[], verb: string): void {
    if (allowed.includes(this.#state)) return;
    throw new AppError('conflict', `The orchestrator can't ${verb} while it is ${this.#state}.`, {
      hint: `It can when it is ${allowed.join(' or ')}.`,
    });
  }
}

/** What is not the ten parts in their order is taken down again. */
async function openInOrder({ open }: OrchestratorDeps): Promise<OpenedSystem> {
  const opened = await open();
  const keys = opened.subsystems.map((subsystem) => subsystem.key).join();
  if (keys === SUBSYSTEM_KEYS.join()) return opened;
  await opened.close();
  throw new AppError('internal', `Subsystems must be ${SUBSYSTEM_KEYS.join()}, but are ${keys}.`);
}
