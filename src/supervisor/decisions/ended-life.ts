import { nothing, toState } from './machine-step.ts';
import type { Machine, MachineEvent, MachineRules, Step, Tools } from './machine-step.ts';
import { backoffMs, isCrashLoop, isRestarted, recentExits } from './restart-policy.ts';
import { isLive } from './service-state.ts';

/** What follows when a process has ended, or could not be started. */
export function endedLife(machine: Machine, event: MachineEvent, tools: Tools): Step {
  if (machine.state === 'stopping') return afterStop(machine, event, tools);
  if (!isLive(machine.state)) return nothing(machine);
  const { rules } = tools;
  const isSuccess = event.isSuccess === true;
  if (rules.oneShot && isSuccess) return toState(machine, { state: 'completed', reason: event.reason });
  const recovered = recover(machine, event.atMs, rules);
  if (event.isFinal === true) return fail(recovered, event.reason);
  if (isRestarted(rules.restart, isSuccess)) return again(recovered, event, tools);
  if (isSuccess) return toState({ ...recovered, isWanted: false }, { state: 'stopped', reason: event.reason });
  return fail(recovered, event.reason);
}

/** A service that was ready for long enough is as good as new. */
export function recover(machine: Machine, nowMs: number, { backoff }: MachineRules): Machine {
  const { readySinceMs } = machine;
  if (readySinceMs === undefined || nowMs - readySinceMs < backoff.resetAfterMs) return machine;
  return { ...machine, failures: 0, exits: [], isLooping: false };
}

function afterStop(machine: Machine, event: MachineEvent, tools: Tools): Step {
  switch (machine.after) {
    case 'stop':
      return toState(machine, { state: 'stopped', reason: machine.reason });
    case 'start': {
      const { machine: next, changes } = toState(machine, { state: 'starting', reason: machine.reason });
      return { machine: { ...next, after: 'stop' }, changes, effects: [{ type: 'launch' }] };
    }
    case 'fail': {
      const illness = { ...event, reason: machine.reason };
      // Whatever its exit code: it did not end because its work was done.
      return isRestarted(tools.rules.restart, false) ? again(machine, illness, tools) : fail(machine, machine.reason);
    }
  }
}

function again(machine: Machine, { reason, atMs }: MachineEvent, { rules, random }: Tools): Step {
  const failures = machine.failures + 1;
  if (rules.maxRestarts !== undefined && failures > rules.maxRestarts) {
    return fail(machine, `${reason}; ${rules.maxRestarts} restarts in a row did not help`);
  }
  const exits = recentExits(machine.exits, atMs, rules.crashLoop);
  const counted: Machine = { ...machine, failures, exits };
  if (machine.isLooping || isCrashLoop(exits, rules.crashLoop)) return loop(counted, reason, rules);
  const ms = backoffMs(failures, rules.backoff, random());
  const waiting = toState(counted, { state: 'backoff', reason: `${reason}; it is started again in ${ms} ms` });
  return { ...waiting, effects: [{ type: 'wait', ms }] };
}

/** Said once; slow attempts go on until one is ready for long enough, or somebody starts it by hand. */
function loop(machine: Machine, reason: string, { crashLoop }: MachineRules): Step {
  const { exits, withinMs, retryMs } = crashLoop;
  const looping = toState({ ...machine, isLooping: true }, { state: 'crashloop', reason });
  const message = `It ended ${exits} times within ${withinMs} ms, last: ${reason}. It is tried again every ${retryMs} ms.`;
  const alert = machine.isLooping ? [] : [{ type: 'alert', kind: 'crash-loop', message } as const];
  return { ...looping, effects: [...alert, { type: 'wait', ms: retryMs }] };
}

function fail(machine: Machine, reason: string): Step {
  const failed = toState(machine, { state: 'failed', reason });
  return { ...failed, effects: [{ type: 'alert', kind: 'failed', message: `It failed: ${reason}.` }] };
}
