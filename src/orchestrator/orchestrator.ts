import { AppError, messageOf } from '../core/errors.ts';
import { TypedEvents } from '../core/events.ts';
import type { EventSource } from '../core/events.ts';
import type { Log } from '../core/log.ts';
import { SUBSYSTEM_KEYS } from './orchestrator-schema.ts';
import type { LifecycleState, PhaseReport, SubsystemKey, SystemStatus } from './orchestrator-schema.ts';
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

export interface PhaseSwitches {
  /** When off, the core services come up and nothing else starts by itself. */
  readonly autoStart: boolean;
  readonly autoIndex: boolean;
  readonly autoAgent: boolean;
  readonly autoCampaign: boolean;
}

interface Phase {
  readonly number: number;
  readonly title: string;
  readonly key: SubsystemKey;
  /** The configuration keys that must be on. */
  readonly needs: readonly (keyof PhaseSwitches)[];
}

const PHASES: readonly Phase[] = [
  { number: 1, title: 'Core services', key: 'startup', needs: [] },
  { number: 2, title: 'Index codebase', key: 'indexing', needs: ['autoStart', 'autoIndex'] },
  { number: 3, title: 'Campaigns', key: 'campaigns', needs: ['autoStart', 'autoCampaign'] },
  { number: 4, title: 'Autonomous agent', key: 'agent', needs: ['autoStart', 'autoAgent'] },
  { number: 5, title: 'AI models', key: 'tensorflow', needs: ['autoStart'] },
];

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
  }

  /** Opens the database and builds all ten subsystems. Throws, with status `error` and an `error` event, when it can't. */
  initialize(): Promise<void> {
    return this.#rising(() => this.#initialize());
  }

  /** Runs the five phases. A phase that is unavailable warns; one that throws ends the start. */
  start(): Promise<void> {
    return this.#rising(async () => {
      if (this.#state === 'created' || this.#state === 'stopped') await this.#initialize();
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
    const orchestrators = Object.fromEntries(subsystems.map((subsystem) => [subsystem.key, subsystem.status()]));
    return { status: this.#state, uptime, metrics, orchestrators };
  }

  #rising(work: () => Promise<void>): Promise<void> {
    const risen = work();
    this.#underway = risen.catch(() => {});
    return risen;
  }

  async #initialize(): Promise<void> {
    this.#require(['created', 'stopped'], 'initialize');
    this.#state = 'initializing';
    try {
      this.#opened = await this.#deps.open();
      requireAllInOrder(this.#opened.subsystems);
      this.#state = 'initialized';
      this.#events.emit('initialized');
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  async #start(): Promise<void> {
    this.#require(['initialized'], 'start');
    this.#state = 'starting';
    this.#startedAtMs = Date.now();
    try {
      for (const phase of PHASES) await this.#runPhase(phase);
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

  async #runPhase({ number, title, key, needs }: Phase): Promise<void> {
    const report = (outcome: PhaseReport['outcome'], detail: string): void => {
      this.#events.emit('phase', { phase: number, title, outcome, detail });
    };
    const off = needs.find((name) => !this.#deps.phases[name]);
    if (off !== undefined) return report('skipped', `${off} is off`);
    const subsystem = this.#opened?.subsystems.find((candidate) => candidate.key === key);
    const { state, reason = 'unavailable' } = subsystem?.status() ?? { state: 'unavailable' };
    if (subsystem === undefined || state === 'unavailable') {
      if (needs.length > 1) this.#events.emit('warning', `${title}: ${reason}`);
      return report('unavailable', reason);
    }
    report('started', '');
    try {
      report('done', await subsystem.start());
    } catch (error) {
      report('failed', messageOf(error));
      throw error;
    }
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

function requireAllInOrder(subsystems: readonly Subsystem[]): void {
  const keys = subsystems.map((subsystem) => subsystem.key).join();
  if (keys === SUBSYSTEM_KEYS.join()) return;
  throw new AppError('internal', `Subsystems must be ${SUBSYSTEM_KEYS.join()}, but are ${keys}.`);
}
