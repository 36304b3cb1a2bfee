import { endedLife, recover } from './ended-life.ts';
import { nothing, toState } from './machine-step.ts';
import type { Machine, MachineEvent, MachineRules, Step, Tools } from './machine-step.ts';
import { isLive, isUp } from './service-state.ts';

/**
 * What a service does next: the whole decision, without a clock, randomness or a process. `rules` come from its
 * manifest. An event that comes too late, or twice, changes nothing.
 */
export function advance(machine: Machine, event: MachineEvent, tools: Tools): Step {
  switch (event.type) {
    case 'start':
      return start(machine, event);
    case 'stop':
      return stop(machine, event);
    case 'restart':
      return restart(machine, event);
    case 'due':
      return isWaiting(machine) ? launch(machine, event.reason) : nothing(machine);
    case 'launched':
      return launched(machine, event, tools.rules);
    case 'startupPassed':
      return machine.state === 'starting' ? started(machine, event, tools.rules) : nothing(machine);
    case 'ready':
      return becomeReady(machine, event);
    case 'unready':
    case 'unwell':
      return becomeIll(recover(machine, event.atMs, tools.rules), event);
    case 'exited':
      return endedLife(machine, event, tools);
  }
}

export function newMachine(): Machine {
  return {
    state: 'stopped',
    reason: 'not started yet',
    isWanted: false,
    failures: 0,
    exits: [],
    isLooping: false,
    after: 'stop',
  };
}

function isWaiting({ state }: Machine): boolean {
  return state === 'backoff' || state === 'crashloop';
}

function becomeReady(machine: Machine, { reason, atMs }: MachineEvent): Step {
  if (machine.state !== 'running' && machine.state !== 'unready') return nothing(machine);
  return toState(machine, { state: 'ready', reason, readySinceMs: atMs });
}

function becomeIll(machine: Machine, { type, reason }: MachineEvent): Step {
  if (type === 'unwell') return isLive(machine.state) ? halt(machine, reason, 'fail') : nothing(machine);
  return machine.state === 'ready' ? toState(machine, { state: 'unready', reason }) : nothing(machine);
}

function launch(machine: Machine, reason: string): Step {
  const { machine: next, changes } = toState(machine, { state: 'starting', reason });
  return { machine: { ...next, after: 'stop' }, changes, effects: [{ type: 'launch' }] };
}

/** By hand: what failed before no longer counts. */
function start(machine: Machine, event: MachineEvent): Step {
  const fresh: Machine = { ...machine, isWanted: true, failures: 0, exits: [], isLooping: false };
  if (isLive(machine.state)) return nothing({ ...machine, isWanted: true });
  if (machine.state === 'stopping') return nothing({ ...fresh, after: 'start' });
  return launch(fresh, event.reason);
}

function stop(machine: Machine, event: MachineEvent): Step {
  const unwanted: Machine = { ...machine, isWanted: event.isStillWanted === true };
  if (isLive(machine.state)) return halt(unwanted, event.reason, 'stop');
  if (machine.state === 'stopping') return nothing({ ...unwanted, after: 'stop' });
  if (machine.state === 'stopped') return nothing(unwanted);
  return toState(unwanted, { state: 'stopped', reason: event.reason });
}

function restart(machine: Machine, event: MachineEvent): Step {
  if (!isLive(machine.state)) return start(machine, event);
  const fresh: Machine = { ...machine, isWanted: true, failures: 0, exits: [], isLooping: false };
  return halt(fresh, event.reason, 'start');
}

function halt(machine: Machine, reason: string, after: Machine['after']): Step {
  const { machine: next, changes } = toState(machine, { state: 'stopping', reason });
  return { machine: { ...next, after }, changes, effects: [{ type: 'halt' }] };
}

function launched(machine: Machine, event: MachineEvent, rules: MachineRules): Step {
  if (machine.state !== 'starting' || rules.hasStartup) return nothing(machine);
  return started(machine, event, rules);
}

/** Without a readiness probe, what has started is ready; a job that is to end never is. */
function started(machine: Machine, event: MachineEvent, rules: MachineRules): Step {
  const running = toState(machine, { state: 'running', reason: event.reason });
  if (rules.hasReadiness || rules.oneShot || !isUp(running.machine.state)) return running;
  const ready = toState(running.machine, { state: 'ready', reason: event.reason, readySinceMs: event.atMs });
  return { ...ready, changes: [...running.changes, ...ready.changes] };
}
