import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../core/errors.ts';
import { GroupMeter } from '../core/process/index.ts';
import type { GroupExit } from '../core/process/index.ts';
import type { ProcessIdentity } from '../core/process-identity.ts';
import { LimitWatch } from './decisions/limit-watch.ts';
import type { Change, Effect, Machine, MachineEvent, MachineRules } from './decisions/machine-step.ts';
import { advance, newMachine } from './decisions/service-machine.ts';
import { isLive } from './decisions/service-state.ts';
import { holdService, LaunchFailure } from './held-service.ts';
import type { HeldService } from './held-service.ts';
import type { ServiceLog } from './logs/service-log.ts';
import type { ServiceSpec } from './manifest/service-spec.ts';
import type { ProbeTarget } from './probes/run-probe.ts';
import { watchProbe } from './probes/watch-probe.ts';
import type { ServiceAlert } from './supervisor-schema.ts';

export interface ManagedDeps {
  readonly spec: ServiceSpec;
  readonly log: ServiceLog;
  readonly supervisorId: string;
  readonly pipePath: string;
  readonly sampleMs: number;
  /** Aborted when whatever still runs is to be killed at once. */
  readonly hurry: AbortSignal;
  readonly random: () => number;
  /** Whether its dependencies are as it needs them. */
  isUnblocked(): boolean;
  /** In their order; one event may lead through several states. */
  onChanges(changes: readonly Change[]): void;
  onProcess(process: ProcessIdentity | undefined): void;
  onAlert(kind: ServiceAlert['kind'], message: string): void;
}

/** One service: does what the machine decides, and tells the machine what happens. */
export class ManagedService {
  readonly #deps: ManagedDeps;
  readonly #rules: MachineRules;
  readonly #target: ProbeTarget;
  #machine: Machine = newMachine();
  #held: HeldService | undefined;
  /** Of what is launched now: ends its probes and samples. */
  #life = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  /** It is to be started as soon as its dependencies let it. */
  #pending: { readonly type: 'start' | 'due'; readonly reason: string } | undefined;
  #adopted: ProcessIdentity | undefined;
  #usage: { readonly memoryBytes: number; readonly cpuPercent?: number } | undefined;
  #starts = 0;

  constructor(deps: ManagedDeps) {
    const { spec, log } = deps;
    this.#deps = deps;
    this.#rules = { ...spec, hasStartup: spec.startup !== undefined, hasReadiness: spec.readiness !== undefined };
    const place = spec.launch.type === 'command' ? spec.launch : { cwd: undefined, env: {} };
    this.#target = { cwd: place.cwd, env: place.env, hasSaid: (text) => log.hasSaid(text) };
  }

  get spec(): ServiceSpec {
    return this.#deps.spec;
  }

  get log(): ServiceLog {
    return this.#deps.log;
  }

  get machine(): Machine {
    return this.#machine;
  }

  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  get facts() {
    return {
      pid: this.#held?.process?.pid,
      about: this.#held?.about,
      isAttached: this.#held?.isAttached === true,
      restarts: Math.max(0, this.#starts - 1),
      memoryBytes: this.#usage?.memoryBytes,
      cpuPercent: this.#usage?.cpuPercent,
    };
  }

  /** As soon as its dependencies are there. `adopted`: a process that runs for it already, for which it waits for nobody. */
  start(reason: string, adopted?: ProcessIdentity): void {
    this.#adopted = adopted;
    if (adopted === undefined && !isLive(this.#machine.state)) {
      this.#pending = { type: 'start', reason };
      this.poke();
    } else {
      this.#tell({ type: 'start', reason });
    }
  }

  restart(reason: string): void {
    this.#pending = undefined;
    this.#tell({ type: 'restart', reason });
  }

  stop(reason: string): void {
    this.#pending = undefined;
    this.#tell({ type: 'stop', reason });
  }

  /** Stops it and starts it again once its dependencies are back. */
  suspend(reason: string): void {
    if (!isLive(this.#machine.state)) return;
    this.#tell({ type: 'stop', reason, isStillWanted: true });
    this.#pending = { type: 'start', reason: `${reason}, and is back` };
  }

  /** Something has changed: what waited may go on. */
  poke(): void {
    if (this.#pending === undefined || !this.#deps.isUnblocked()) return;
    const pending = this.#pending;
    this.#pending = undefined;
    this.#tell(pending);
  }

  /** Lets what runs live on, for the next supervisor. */
  release(): void {
    clearTimeout(this.#timer);
    this.#pending = undefined;
    this.#life.abort();
    this.#held?.release();
    this.#held = undefined;
  }

  #tell(event: Omit<MachineEvent, 'atMs'>): void {
    const { random } = this.#deps;
    const told = { ...event, atMs: performance.now() };
    const step = advance(this.#machine, told, { rules: this.#rules, random });
    this.#machine = step.machine;
    if (step.changes.length > 0) clearTimeout(this.#timer);
    for (const effect of step.effects) this.#act(effect);
    if (step.changes.length > 0) this.#deps.onChanges(step.changes);
  }

  #act(effect: Effect): void {
    switch (effect.type) {
      case 'launch':
        void this.#launch();
        return;
      case 'halt':
        this.#halt();
        return;
      case 'wait':
        this.#timer = setTimeout(() => {
          this.#pending = { type: 'due', reason: 'the time to wait is over' };
          this.poke();
        }, effect.ms);
        return;
      case 'alert':
        this.#deps.onAlert(effect.kind, effect.message);
    }
  }

  async #launch(): Promise<void> {
    const life = new AbortController();
    this.#life = life;
    const adopted = this.#adopted;
    this.#adopted = undefined;
    this.#deps.log.begin(adopted !== undefined);
    this.#starts += 1;
    const { signal } = life;
    const onLine = (stream: 'stdout' | 'stderr', line: string): void => this.#deps.log.append(stream, line);
    const holding = holdService({ ...this.#deps, target: this.#target, adopted, signal, onLine });
    const held = await holding.catch((error: unknown) => failureOf(error));
    if (held instanceof LaunchFailure) {
      return this.#tell({ type: 'exited', reason: held.message, isSuccess: false, isFinal: held.isFinal });
    }
    this.#held = held;
    this.#deps.onProcess(held.process);
    void held.exited.then((exit) => this.#ended(held, life, exit));
    // Somebody has thought better of it meanwhile.
    if (signal.aborted) return this.#halt();
    this.#watch(held, life);
    this.#tell({ type: 'launched', reason: held.how });
  }

  /** What is still being launched is ended as soon as it is there. */
  #halt(): void {
    const { spec, hurry } = this.#deps;
    this.#life.abort();
    this.#held?.end({ ...spec.stop, hurry }).catch((error: unknown) => {
      this.#deps.log.append('supervisor', `It could not be ended: ${messageOf(error)}`);
    });
  }

  async #ended(held: HeldService, life: AbortController, exit: GroupExit): Promise<void> {
    if (this.#held !== held) return;
    life.abort();
    // What it left behind would hold its ports.
    await held.end({ signal: 'SIGKILL', graceMs: 0 }).catch(() => {});
    this.#held = undefined;
    this.#usage = undefined;
    this.#deps.onProcess(undefined);
    this.#tell({ type: 'exited', reason: exit.how, isSuccess: exit.isSuccess });
  }

  #watch(held: HeldService, life: AbortController): void {
    const { startup, limits } = this.spec;
    if (held.process !== undefined) void this.#sample(held.process, life.signal, new LimitWatch(limits));
    if (startup === undefined) return this.#watchHealth(held, life);
    const onVerdict = ({ hasPassed, reason }: { readonly hasPassed: boolean; readonly reason: string }): boolean => {
      if (hasPassed) {
        this.#watchHealth(held, life);
        this.#tell({ type: 'startupPassed', reason });
      } else {
        this.#tell({ type: 'unwell', reason: `its startup probe failed: ${reason}` });
      }
      return false;
    };
    void watchProbe(startup, this.#target, { signal: life.signal, onVerdict });
  }

  #watchHealth(held: HeldService, { signal }: AbortController): void {
    const { readiness, liveness } = this.spec;
    if (readiness !== undefined) {
      const onVerdict = ({ hasPassed, reason }: { readonly hasPassed: boolean; readonly reason: string }): boolean => {
        this.#tell({ type: hasPassed ? 'ready' : 'unready', reason });
        // What is not ours can't be restarted: it counts as gone, and the next attempt looks whether it is back.
        if (!hasPassed && held.isAttached) void held.end({ signal: 'SIGTERM', graceMs: 0 });
        return true;
      };
      void watchProbe(readiness, this.#target, { signal, onVerdict });
    }
    if (liveness === undefined || held.isAttached) return;
    const onVerdict = ({ hasPassed, reason }: { readonly hasPassed: boolean; readonly reason: string }): boolean => {
      if (!hasPassed) this.#tell({ type: 'unwell', reason: `its liveness probe failed: ${reason}` });
      return hasPassed;
    };
    void watchProbe(liveness, this.#target, { signal, onVerdict });
  }

  async #sample({ pid }: ProcessIdentity, signal: AbortSignal, watch: LimitWatch): Promise<void> {
    const meter = new GroupMeter(pid, () => performance.now());
    while (!signal.aborted) {
      const usage = meter.sample();
      if (usage === undefined) return;
      const { memoryBytes, cpuPercent } = usage;
      this.#usage = cpuPercent === undefined ? { memoryBytes } : { memoryBytes, cpuPercent };
      const excess = watch.count(usage);
      if (excess !== undefined) {
        this.#deps.onAlert('over-limit', `It is restarted: ${excess}.`);
        this.#tell({ type: 'unwell', reason: excess });
      }
      await delay(this.#deps.sampleMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}

function failureOf(error: unknown): LaunchFailure {
  return error instanceof LaunchFailure ? error : new LaunchFailure(messageOf(error), false);
}
