/**
 * `starting`: launched, its startup probe has not passed. `running`: alive, not known to be ready. `unready`: it was ready
 * and is not now. `backoff`, `crashloop`: it waits for its next start. `failed`: it will not be started again by itself.
 * `completed`: a one-shot job that did its work.
 */
export const SERVICE_STATES = [
  'stopped',
  'starting',
  'running',
  'ready',
  'unready',
  'stopping',
  'backoff',
  'crashloop',
  'failed',
  'completed',
] as const;
export type ServiceState = (typeof SERVICE_STATES)[number];

/** The states that may follow. Whatever runs may end at any moment, for any reason. */
const ENDINGS = ['stopping', 'stopped', 'backoff', 'crashloop', 'failed', 'completed'] as const;

export const TRANSITIONS: Readonly<Record<ServiceState, readonly ServiceState[]>> = {
  stopped: ['starting'],
  starting: ['running', ...ENDINGS],
  running: ['ready', ...ENDINGS],
  ready: ['unready', ...ENDINGS],
  unready: ['ready', ...ENDINGS],
  // Stopped because it was ill, it goes on as after a crash; stopped to be restarted, it starts at once.
  stopping: ['stopped', 'starting', 'backoff', 'crashloop', 'failed'],
  backoff: ['starting', 'stopped'],
  crashloop: ['starting', 'stopped'],
  failed: ['starting', 'stopped'],
  completed: ['starting', 'stopped'],
};

export function canFollow(from: ServiceState, to: ServiceState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Something of it runs, or is about to. */
export function isLive(state: ServiceState): boolean {
  return state === 'starting' || isUp(state);
}

/** Started, and not on its way out. */
export function isUp(state: ServiceState): boolean {
  return state === 'running' || state === 'ready' || state === 'unready';
}

/** It went down without being asked to: what depends on it has lost it. */
export function isDown(state: ServiceState): boolean {
  return state === 'backoff' || state === 'crashloop' || state === 'failed';
}

/** Whether a service in this state is what a dependency with the condition waits for. */
export function isSatisfied(condition: 'started' | 'healthy' | 'completed', state: ServiceState): boolean {
  switch (condition) {
    case 'started':
      return isUp(state) || state === 'completed';
    case 'healthy':
      return state === 'ready';
    case 'completed':
      return state === 'completed';
  }
}
