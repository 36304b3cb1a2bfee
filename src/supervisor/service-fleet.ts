import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { TypedEvents } from '../core/events.ts';
import type { Log } from '../core/log.ts';
import { isDown, isLive, isSatisfied } from './decisions/service-state.ts';
import type { Change } from './decisions/machine-step.ts';
import { startLayers } from './decisions/start-layers.ts';
import { LogBatch } from './logs/log-batch.ts';
import { ServiceLog } from './logs/service-log.ts';
import { ManagedService } from './managed-service.ts';
import type { Probe } from './manifest/probe-schema.ts';
import type { ServiceSpec } from './manifest/service-spec.ts';
import { StateRecorder } from './state-recorder.ts';
import type { ServiceAlert, ServiceView, SupervisorEvents } from './supervisor-schema.ts';
import type { StoredService, SupervisorStore } from './supervisor-store.ts';

export interface FleetDeps {
  readonly services: readonly ServiceSpec[];
  readonly store: SupervisorStore;
  readonly supervisorId: string;
  /** For pipes and logs of services; it exists and is ours alone. */
  readonly folder: string;
  readonly log: Log;
  readonly events: TypedEvents<SupervisorEvents>;
  /** For what is stored and shown; decisions go by a clock that is never set. */
  readonly wallClock: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Between two samples of memory and CPU; 5 s without it. */
  readonly sampleMs?: number;
}

interface Member {
  readonly service: ManagedService;
  isEnabled: boolean;
  /** Nobody has stopped it by hand. */
  isWished: boolean;
  disabledReason: string | undefined;
  sinceMs: number;
}

const SAMPLE_MS = 5_000;
const TOUCH_MS = 5_000;

/** All services of a supervisor and what they have to do with one another. */
export class ServiceFleet {
  readonly #deps: FleetDeps;
  readonly #members: ReadonlyMap<string, Member>;
  readonly #batch: LogBatch;
  readonly #recorder: StateRecorder;
  readonly #hurry = new AbortController();
  #touching: NodeJS.Timeout | undefined;

  /** In a circle of dependencies nothing would ever be started: the manifest refuses it. */
  constructor(deps: FleetDeps) {
    this.#deps = deps;
    this.#batch = new LogBatch((lines) => deps.store.insertLines(lines));
    this.#recorder = new StateRecorder(deps.log);
    const inOrder = startLayers(deps.services).flat();
    this.#members = new Map(inOrder.map((spec) => [spec.name, this.#memberOf(spec)]));
  }

  /** In the order of their start. */
  get all(): ManagedService[] {
    return [...this.#members.values()].map(({ service }) => service);
  }

  find(name: string): ManagedService | undefined {
    return this.#members.get(name)?.service;
  }

  get(name: string): ManagedService {
    return this.#member(name).service;
  }

  isEnabled(name: string): boolean {
    return this.#member(name).isEnabled;
  }

  /** It is to run, and nothing of it does or is about to. */
  isMissing(name: string): boolean {
    const { service, isEnabled, isWished } = this.#member(name);
    const { state } = service.machine;
    if (!isEnabled || !isWished || service.isPending) return false;
    return state === 'stopped' || state === 'failed' || state === 'backoff' || state === 'crashloop';
  }

  /** What it depends on first, itself last. */
  withDependencies(name: string): ManagedService[] {
    const wanted = new Set<string>();
    const collect = (one: string): void => {
      if (wanted.has(one)) return;
      wanted.add(one);
      for (const other of Object.keys(this.get(one).spec.dependsOn)) collect(other);
    };
    collect(name);
    return this.all.filter(({ spec }) => wanted.has(spec.name));
  }

  /** Wishes of before count more than the manifest's. */
  recall(name: string, stored: StoredService | undefined): void {
    const member = this.#member(name);
    const { unavailable, enabled, disabledReason } = member.service.spec;
    member.isEnabled = unavailable === undefined && (stored?.isEnabled ?? enabled);
    member.isWished = stored?.isWanted !== false;
    const reason = unavailable ?? stored?.disabledReason ?? disabledReason;
    member.disabledReason = member.isEnabled ? undefined : reason;
  }

  save(wish: Pick<StoredService, 'name'> & Partial<StoredService>): void {
    const member = this.#member(wish.name);
    if (wish.isEnabled !== undefined) {
      member.isEnabled = wish.isEnabled;
      member.disabledReason = wish.disabledReason;
    }
    member.isWished = wish.isWanted ?? member.isWished;
    this.#recorder.record(() => this.#deps.store.saveService(wish));
  }

  open(): void {
    this.#batch.start();
    const names = [...this.#members.keys()];
    this.#touching = setInterval(() => this.#recorder.record(() => this.#deps.store.touch(names)), TOUCH_MS).unref();
  }

  /** Whatever still runs has no grace any more. */
  kill(): void {
    this.#hurry.abort();
  }

  async close(patienceMs: number): Promise<void> {
    clearInterval(this.#touching);
    await this.#batch.stop(patienceMs);
    await this.#recorder.close(patienceMs);
  }

  async release(patienceMs: number): Promise<void> {
    for (const { service } of this.#members.values()) service.release();
    await this.close(patienceMs);
  }

  /** When nothing more happens by itself soon. */
  async settled(signal: AbortSignal): Promise<void> {
    await this.#until(signal, () => [...this.#members.keys()].every((name) => this.#isSettled(name)));
  }

  /** Or until the signal is aborted. */
  async untilStopped(name: string, signal?: AbortSignal): Promise<void> {
    const { service } = this.#member(name);
    await this.#until(signal, () => !isLive(service.machine.state) && service.machine.state !== 'stopping');
  }

  viewOf(name: string): ServiceView {
    const { service, isEnabled, disabledReason, sinceMs } = this.#member(name);
    const { spec, machine, isPending, facts } = service;
    const { pid, about, memoryBytes, cpuPercent, ...others } = facts;
    return {
      name,
      state: machine.state,
      reason: machine.reason,
      ...(about === undefined ? {} : { about }),
      since: new Date(sinceMs).toISOString(),
      isWanted: machine.isWanted || isPending,
      isEnabled,
      ...(disabledReason === undefined ? {} : { disabledReason }),
      isCritical: spec.critical,
      isOneShot: spec.oneShot,
      isFixed: spec.isFixed === true,
      dependsOn: Object.keys(spec.dependsOn),
      waitingFor: isPending ? this.#missing(spec) : [],
      ...(pid === undefined ? {} : { pid }),
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      ...(cpuPercent === undefined ? {} : { cpuPercent }),
      ...others,
      droppedLines: this.#batch.droppedOf(name),
    };
  }

  #member(name: string): Member {
    const member = this.#members.get(name);
    if (member !== undefined) return member;
    throw new AppError('not_found', `There is no service \`${name}\`.`, {
      hint: `Services: ${[...this.#members.keys()].join(', ') || 'none'}.`,
    });
  }

  #memberOf(spec: ServiceSpec): Member {
    const { name } = spec;
    const { folder, random, supervisorId, store, sampleMs = SAMPLE_MS, wallClock } = this.#deps;
    const service = new ManagedService({
      spec,
      log: this.#logOf(spec),
      supervisorId,
      pipePath: join(folder, name),
      sampleMs,
      hurry: this.#hurry.signal,
      random,
      isUnblocked: () => this.#missing(spec).length === 0,
      onChanges: (changes) => this.#changed(name, changes),
      onProcess: (process) => this.#recorder.record(() => store.saveService({ name, process })),
      onAlert: (kind, message) => this.#alert(name, kind, message),
    });
    const isEnabled = spec.enabled && spec.unavailable === undefined;
    return {
      service,
      isEnabled,
      isWished: true,
      disabledReason: spec.unavailable ?? spec.disabledReason,
      sinceMs: wallClock(),
    };
  }

  #logOf({ name, launch, startup, readiness }: ServiceSpec): ServiceLog {
    const { folder, wallClock, events } = this.#deps;
    return new ServiceLog({
      file: join(folder, `${name}.log`),
      secrets: launch.type === 'command' ? launch.secrets : [],
      awaited: [startup, readiness].flatMap((probe) => awaitedBy(probe)),
      nowMs: wallClock,
      onLine: (line) => {
        this.#batch.add({ name, ...line });
        events.emit('line', name, line);
      },
      onUnwritable: (reason) => this.#alert(name, 'log-unwritable', `Its log can't be written: ${reason}.`),
    });
  }

  #alert(name: string, kind: ServiceAlert['kind'], message: string): void {
    const isCritical = this.#member(name).service.spec.critical;
    this.#deps.log.warn({ service: name, kind, isCritical }, message);
    this.#deps.events.emit('alert', { service: name, kind, message, isCritical });
  }

  /** All is told before anything follows from it, so that it is told in its order. */
  #changed(name: string, changes: readonly Change[]): void {
    for (const change of changes) this.#announce(name, change);
    if (changes.some(({ to }) => isDown(to))) this.#cascade(name);
    for (const { service } of this.#members.values()) service.poke();
  }

  #announce(name: string, change: Change): void {
    const { store, events, wallClock, log } = this.#deps;
    const { from, to: state, reason, isWanted } = change;
    const member = this.#member(name);
    const atMs = wallClock();
    member.sinceMs = atMs;
    this.#recorder.record(() => store.insertTransition({ name, atMs, ...change }));
    member.service.log.append('supervisor', `${from} → ${state}: ${reason}`);
    // Parts of this process come and go with it, every time.
    const level = member.service.spec.launch.type === 'function' ? 'debug' : 'info';
    log[level]({ service: name, from, to: state, reason }, 'a service has changed its state');
    events.emit('changed', { ...this.viewOf(name), state, reason, isWanted }, from);
  }

  /** A service went down: what depends on it does what its manifest says. */
  #cascade(name: string): void {
    for (const { service } of this.#members.values()) {
      const { spec, machine } = service;
      const dependency = spec.dependsOn[name];
      if (dependency === undefined || dependency.condition === 'completed' || !isLive(machine.state)) continue;
      if (spec.onDependencyFailure === 'ignore') continue;
      const reason = `${name}, on which it depends, is down`;
      this.#alert(spec.name, 'dependency-lost', `It is stopped: ${reason}.`);
      if (spec.onDependencyFailure === 'stop') service.stop(reason);
      else service.suspend(reason);
    }
  }

  #missing({ dependsOn }: ServiceSpec): string[] {
    return Object.entries(dependsOn)
      .filter(([name, { condition }]) => !isSatisfied(condition, this.get(name).machine.state))
      .map(([name]) => name);
  }

  /** One that waits is settled when what it waits for is, and did not become what it must be. */
  #isSettled(name: string): boolean {
    const { service } = this.#member(name);
    const { state, isWanted } = service.machine;
    if (service.isPending) return this.#missing(service.spec).some((other) => this.#isSettled(other));
    return state === 'ready' || state === 'completed' || state === 'failed' || state === 'crashloop' || !isWanted;
  }

  async #until(signal: AbortSignal | undefined, isReached: () => boolean): Promise<void> {
    for (;;) {
      if (isReached() || signal?.aborted === true) return;
      await new Promise<void>((resolve) => {
        const go = (): void => {
          stop();
          signal?.removeEventListener('abort', go);
          resolve();
        };
        const stop = this.#deps.events.on('changed', go);
        signal?.addEventListener('abort', go, { once: true });
      });
    }
  }
}

function awaitedBy(probe: Probe | undefined): string[] {
  return probe?.type === 'log' ? [probe.contains] : [];
}
