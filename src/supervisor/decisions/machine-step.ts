import type { Backoff, CrashLoop, RestartPolicy } from './restart-policy.ts';
import { canFollow } from './service-state.ts';
import type { ServiceState } from './service-state.ts';

/** What is known of a service to decide what it does next. */
export interface Machine {
  readonly state: ServiceState;
  readonly reason: string;
  /** Meant to run. */
  readonly isWanted: boolean;
  /** In a row, without a recovery between. */
  readonly failures: number;
  /** When it ended by itself or was ill, as far as they count for a crash loop. */
  readonly exits: readonly number[];
  readonly isLooping: boolean;
  readonly readySinceMs?: number | undefined;
  /** What follows once it has stopped. */
  readonly after: 'stop' | 'start' | 'fail';
}

/** Times are of a clock that only goes forward. */
export interface MachineEvent {
  readonly type:
    | 'start'
    | 'stop'
    | 'restart'
    /** The time to wait is over. */
    | 'due'
    /** The process is there, or was there already. */
    | 'launched'
    | 'startupPassed'
    | 'ready'
    | 'unready'
    /** Its startup or liveness probe failed, or it takes more than it may. */
    | 'unwell'
    /** It ended, or could not be started. */
    | 'exited';
  readonly reason: string;
  readonly atMs: number;
  /** With `stop`: it is stopped for a while only. */
  readonly isStillWanted?: boolean;
  /** With `exited`: as a program ends that did its work. */
  readonly isSuccess?: boolean;
  /** With `exited`: another attempt would end the same way. */
  readonly isFinal?: boolean;
}

export interface MachineRules {
  readonly restart: RestartPolicy;
  readonly backoff: Backoff & { readonly resetAfterMs: number };
  readonly crashLoop: CrashLoop & { readonly retryMs: number };
  readonly maxRestarts?: number | undefined;
  readonly oneShot: boolean;
  readonly hasStartup: boolean;
  readonly hasReadiness: boolean;
}

export interface Tools {
  readonly rules: MachineRules;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface Change {
  readonly from: ServiceState;
  readonly to: ServiceState;
  readonly reason: string;
  readonly isWanted: boolean;
}

export type Effect =
  | { readonly type: 'launch' | 'halt' }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'alert'; readonly kind: 'crash-loop' | 'failed'; readonly message: string };

export interface Step {
  readonly machine: Machine;
  readonly changes: readonly Change[];
  readonly effects: readonly Effect[];
}

export function nothing(machine: Machine): Step {
  return { machine, changes: [], effects: [] };
}

/** Throws for a transition that the table does not have: a fault of ours. */
export function toState(
  machine: Machine,
  next: { readonly state: ServiceState; readonly reason: string; readonly readySinceMs?: number },
): Step {
  if (!canFollow(machine.state, next.state)) throw new Error(`No way from ${machine.state} to ${next.state}.`);
  const { state, reason, readySinceMs } = next;
  const change = { from: machine.state, to: state, reason, isWanted: machine.isWanted };
  return { machine: { ...machine, state, reason, readySinceMs }, changes: [change], effects: [] };
}
