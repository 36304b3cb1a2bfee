import { AppError } from '../core/errors.ts';
import { TypedEvents } from '../core/events.ts';
import type { EventSource } from '../core/events.ts';
import { withJoined } from '../core/joined-signal.ts';
import { availabilityOf } from './decisions/availability.ts';
import type { Availability } from './decisions/availability.ts';
import { isLive } from './decisions/service-state.ts';
import { startLayers } from './decisions/start-layers.ts';
import { startsAfterStop } from './decisions/restart-policy.ts';
import type { ManagedService } from './managed-service.ts';
import { reconcile } from './reconcile.ts';
import type { Wish } from './reconcile.ts';
import { ServiceFleet } from './service-fleet.ts';
import type { FleetDeps } from './service-fleet.ts';
import type { ServiceSpec } from './manifest/service-spec.ts';
import type { StoredService } from './supervisor-store.ts';
import type { LogLine, ServiceView, SupervisorEvents } from './supervisor-schema.ts';

export interface SupervisorDeps extends Omit<FleetDeps, 'events'> {
  /** For the whole of `stop`; whatever still runs then is killed. 30 s without it. */
  readonly stopDeadlineMs?: number;
  /** For `start` to be answered; services go on starting. 60 s without it. */
  readonly startDeadlineMs?: number;
  /** Whether `start` starts this one; what runs already is kept. All are started without it. */
  readonly startsByItself?: (spec: ServiceSpec) => boolean;
}

const STOP_DEADLINE_MS = 30_000;
const START_DEADLINE_MS = 60_000;
const PRELOADED_LINES = 200;
const MAX_TAIL = 1_000;
const KEPT_LOG_DAYS = 7;
const KEPT_TRANSITION_DAYS = 90;
const STORE_PATIENCE_MS = 2_000;
/** A grace may be hours; who has asked for a stop is told after this that it is under way. */
const STOP_ANSWER_MS = 12_000;

/**
 * Keeps services running: starts them when what they depend on is there, restarts what ends or is ill, stops them in the
 * reverse order. What a user has wished, and which processes run, is stored, so that the next supervisor goes on with it.
 */
export class SupervisorService {
  readonly #deps: SupervisorDeps;
  readonly #events = new TypedEvents<SupervisorEvents>();
  #fleet: ServiceFleet;
  #state: 'new' | 'open' | 'over' = 'new';

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
    this.#fleet = new ServiceFleet({ ...deps, events: this.#events });
  }

  get events(): EventSource<SupervisorEvents> {
    return this.#events;
  }

  /**
   * Takes over what a former supervisor left, and starts all services that are enabled and were not stopped by hand.
   * Called again, it starts what is missing. Resolves when each is ready, completed, has failed, or waits for one that
   * has; at the latest after the deadline.
   */
  async start(signal?: AbortSignal): Promise<ServiceView[]> {
    if (this.#state === 'open') this.startMissing();
    else await this.#open();
    const timeoutMs = this.#deps.startDeadlineMs ?? START_DEADLINE_MS;
    const signals = signal === undefined ? [] : [signal];
    await withJoined({ signals, timeoutMs }, (joined) => this.#fleet.settled(joined));
    return this.list();
  }

  async #open(): Promise<void> {
    const { store } = this.#deps;
    if (this.#state === 'over') this.#fleet = new ServiceFleet({ ...this.#deps, events: this.#events });
    await store.prune({ logDays: KEPT_LOG_DAYS, transitionDays: KEPT_TRANSITION_DAYS });
    const stored = new Map((await store.listServices()).map((service) => [service.name, service]));
    const wishes = this.#fleet.all.map((service) => this.#wishOf(service, stored.get(service.spec.name)));
    const adopted = await reconcile(wishes, this.#deps);
    for (const name of stored.keys()) if (this.#fleet.find(name) === undefined) await store.removeService(name);
    for (const service of this.#fleet.all)
      service.log.preload(await store.listLines(service.spec.name, PRELOADED_LINES));
    this.#fleet.open();
    this.#state = 'open';
    for (const { spec, isRunning } of wishes) {
      if (isRunning) this.#fleet.get(spec.name).start('the supervisor starts', adopted.get(spec.name));
    }
  }

  /** Stops all in the reverse order of their start. `hurry` kills what still runs. The wishes stay as they are. */
  async stop(hurry?: AbortSignal): Promise<void> {
    const timeoutMs = this.#deps.stopDeadlineMs ?? STOP_DEADLINE_MS;
    await withJoined({ signals: hurry === undefined ? [] : [hurry], timeoutMs }, (end) => this.#stopLayers(end));
    await this.#fleet.close(STORE_PATIENCE_MS);
    this.#state = 'over';
  }

  /** Ends the supervision and lets all services live on, for the next supervisor to adopt. */
  async release(): Promise<void> {
    await this.#fleet.release(STORE_PATIENCE_MS);
    this.#state = 'over';
  }

  /** With what it depends on. Throws `not_found`, or `conflict` when it, or what it depends on, is disabled. */
  startService(name: string): ServiceView {
    for (const service of this.#fleet.withDependencies(name)) {
      if (!this.#fleet.isEnabled(service.spec.name)) throw this.#disabled(service.spec.name);
    }
    for (const service of this.#fleet.withDependencies(name)) {
      const { state } = service.machine;
      if (service.spec.name !== name && (isLive(state) || state === 'completed')) continue;
      this.#fleet.save({ name: service.spec.name, isWanted: true });
      service.start('started by hand');
    }
    return this.get(name);
  }

  /**
   * Starts what is enabled, is meant to run and does not: what was never started, has failed, or waits after a crash. What
   * was stopped by hand stays so. Returns what it has begun to start.
   */
  startMissing(): ServiceView[] {
    const begun = this.#fleet.all.filter((service) => this.#fleet.isMissing(service.spec.name));
    for (const service of begun) service.start('the system is started');
    return begun.map(({ spec }) => this.get(spec.name));
  }

  /**
   * Resolves when it has stopped, or is long about it: its grace may be hours. It stays so, also after a restart of the
   * supervisor (unless `restart` is `always`).
   */
  async stopService(name: string, reason = 'stopped by hand'): Promise<ServiceView> {
    const service = this.#movable(name);
    this.#fleet.save({ name, isWanted: false });
    service.stop(reason);
    await this.#stopped(name);
    return this.get(name);
  }

  /** Also one that does not run. Throws like `startService`. */
  restart(name: string): ServiceView {
    const service = this.#movable(name);
    if (!isLive(service.machine.state)) return this.startService(name);
    this.#fleet.save({ name, isWanted: true });
    service.restart('restarted by hand');
    return this.get(name);
  }

  /** Lets it be started again, and starts it if it is wanted. */
  enable(name: string): ServiceView {
    const { unavailable } = this.#fleet.get(name).spec;
    if (unavailable !== undefined)
      throw new AppError('conflict', `Service \`${name}\` can't be enabled: ${unavailable}.`);
    this.#fleet.save({ name, isEnabled: true, isWanted: true });
    return this.startService(name);
  }

  /** Stops it, and nothing starts it until it is enabled again. */
  async disable(name: string, reason: string): Promise<ServiceView> {
    const service = this.#movable(name);
    this.#fleet.save({ name, isEnabled: false, disabledReason: reason });
    service.stop(`disabled: ${reason}`);
    await this.#stopped(name);
    return this.get(name);
  }

  /** In the order of their start. */
  list(): ServiceView[] {
    return this.#fleet.all.map(({ spec }) => this.#fleet.viewOf(spec.name));
  }

  /** Throws `not_found` that names the services there are. */
  get(name: string): ServiceView {
    return this.#fleet.viewOf(name);
  }

  /** The last lines (100 without `tail`, at most 1,000), oldest first; only those after `since` (ISO 8601), if given. */
  logs(name: string, options: { readonly tail?: number; readonly since?: string } = {}): LogLine[] {
    const { tail = 100, since } = options;
    if (!Number.isInteger(tail) || tail < 1 || tail > MAX_TAIL) {
      throw new AppError('invalid_input', `\`tail\` can't be ${tail}: it is a whole number from 1 to ${MAX_TAIL}.`);
    }
    if (since !== undefined && Number.isNaN(Date.parse(since))) {
      throw new AppError('invalid_input', `\`since\` can't be ${since}: it is a time like 2026-11-27T10:00:00Z.`);
    }
    return this.#fleet.get(name).log.tail(tail, since);
  }

  /** Of the last `windowMs` milliseconds, from what is stored. Throws `not_found`. */
  async availability(name: string, windowMs: number): Promise<Availability> {
    this.#fleet.get(name);
    const toMs = this.#deps.wallClock();
    const fromMs = toMs - windowMs;
    return availabilityOf(await this.#deps.store.listChanges(name, fromMs), { fromMs, toMs });
  }

  async #stopped(name: string): Promise<void> {
    const limit = { signals: [], timeoutMs: STOP_ANSWER_MS };
    await withJoined(limit, (signal) => this.#fleet.untilStopped(name, signal));
  }

  async #stopLayers(end: AbortSignal): Promise<void> {
    const onEnd = (): void => this.#fleet.kill();
    end.addEventListener('abort', onEnd, { once: true });
    if (end.aborted) onEnd();
    for (const layer of startLayers(this.#fleet.all.map(({ spec }) => spec)).toReversed()) {
      for (const { name } of layer) this.#fleet.get(name).stop('the supervisor stops');
      await Promise.all(layer.map(({ name }) => this.#fleet.untilStopped(name)));
    }
  }

  #wishOf(service: ManagedService, stored: StoredService | undefined): Wish {
    const { spec } = service;
    this.#fleet.recall(spec.name, stored);
    const isWished = spec.isFixed === true || stored?.isWanted !== false || startsAfterStop(spec.restart);
    const { startsByItself = () => true } = this.#deps;
    const isNow = stored?.process !== undefined || startsByItself(spec);
    return { spec, stored, isRunning: this.#fleet.isEnabled(spec.name) && isWished && isNow };
  }

  /** Throws `not_found`, and `conflict` for one that is fixed. */
  #movable(name: string): ManagedService {
    const service = this.#fleet.get(name);
    if (service.spec.isFixed !== true) return service;
    throw new AppError('conflict', `Service \`${name}\` is what the system stands on; it can't be moved alone.`, {
      hint: 'Stop or start the whole system.',
    });
  }

  #disabled(name: string): AppError {
    const reason = this.get(name).disabledReason;
    return new AppError('conflict', `Service \`${name}\` is disabled${reason === undefined ? '' : `: ${reason}`}.`, {
      hint: 'Enable it first, unless the reason says what to do.',
    });
  }
}
