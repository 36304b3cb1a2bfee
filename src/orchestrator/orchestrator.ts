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
  stopped: [];
  /** What a phase of `start` came to. */
  phase: [PhaseReport];
  /** Every 30 s while running. */
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
  readonly phases: { readonly autoIndex: boolean; readonly autoAgent: boolean; readonly autoCampaign: boolean };
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
  #state: LifecycleState = 'created';
  #opened: OpenedSystem | undefined;
  #startedAtMs: number | undefined;
  #statusTimer: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;

  constructor(deps: OrchestratorDeps) {
    this.#deps = deps;
    this.events = this.#events;
  }

  /** Opens the database and builds all ten subsystems. Throws, with status `error` and an `error` event, when it can't. */
  async initialize(): Promise<void> {
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

  /** Runs the five phases. A phase that is unavailable warns; one that throws ends the start. */
  async start(): Promise<void> {
    if (this.#state === 'created' || this.#state === 'stopped') await this.initialize();
    this.#require(['initialized'], 'start');
    this.#state = 'starting';
    this.#startedAtMs = Date.now();
    try {
      for (const phase of this.#phases()) await this.#runPhase(phase);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    this.#state = 'running';
    this.#statusTimer = setInterval(() => this.#events.emit('status', this.getStatus()), STATUS_INTERVAL_MS);
    this.#statusTimer.unref();
    this.#events.emit('started');
  }

  /** Stops all parts in reverse order, then the database. Safe at any time and when called twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll().finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
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

  #phases(): readonly { title: string; key: SubsystemKey; isEnabled: boolean; switchedBy: string }[] {
    const { autoIndex, autoAgent, autoCampaign } = this.#deps.phases;
    return [
      { title: 'Core services', key: 'startup', isEnabled: true, switchedBy: '' },
      { title: 'Index codebase', key: 'indexing', isEnabled: autoIndex, switchedBy: 'autoIndex' },
      { title: 'Campaigns', key: 'campaigns', isEnabled: autoCampaign, switchedBy: 'autoCampaign' },
      { title: 'Autonomous agent', key: 'agent', isEnabled: autoAgent, switchedBy: 'autoAgent' },
      { title: 'AI models', key: 'tensorflow', isEnabled: true, switchedBy: '' },
    ];
  }

  async #runPhase(phase: { title: string; key: SubsystemKey; isEnabled: boolean; switchedBy: string }): Promise<void> {
    const number = this.#phases().findIndex((candidate) => candidate.key === phase.key) + 1;
    const report = (outcome: PhaseReport['outcome'], detail: string): void => {
      this.#events.emit('phase', { phase: number, title: phase.title, outcome, detail });
    };
    const subsystem = this.#opened?.subsystems.find((candidate) => candidate.key === phase.key);
    if (subsystem === undefined || !phase.isEnabled) return report('skipped', `${phase.switchedBy} is off`);
    const { state, reason } = subsystem.status();
    if (state === 'unavailable') {
      if (phase.switchedBy !== '') this.#events.emit('warning', `${phase.title}: ${reason ?? 'unavailable'}`);
      return report('unavailable', reason ?? '');
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
    if (this.#state === 'created' || this.#state === 'stopped') return;
    this.#state = 'stopping';
    clearInterval(this.#statusTimer);
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
