import { AppError } from '../core/errors.ts';
import type { ServiceView, SupervisorService } from '../supervisor/index.ts';
import type { Subsystem } from './subsystem.ts';

type Supervisor = Pick<SupervisorService, 'start' | 'stop' | 'list'>;

export interface StartupOptions {
  /** With what a service of this process has failed to start: the start fails with that. */
  readonly failureOf: (service: string) => unknown;
  /** Aborted when what is still being stopped is to be killed. */
  readonly hurry?: AbortSignal | undefined;
}

/** The services: its phase is done when all have come up, or have failed without being critical. */
export function startupSubsystem(supervisor: Supervisor, { failureOf, hurry }: StartupOptions): Subsystem {
  let isStarted = false;
  return {
    key: 'startup',
    async start() {
      isStarted = true;
      const services = await supervisor.start();
      const broken = services.find((service) => service.isCritical && service.isEnabled && service.state !== 'ready');
      if (broken !== undefined) throw failureIn(broken, failureOf(broken.name));
      return services
        .filter(({ isEnabled, isWanted }) => isEnabled && isWanted)
        .map(({ name, state, about }) => `${name} ${state === 'ready' && about !== undefined ? about : state}`)
        .join(', ');
    },
    async stop() {
      if (isStarted) await supervisor.stop(hurry);
      isStarted = false;
    },
    status: () => ({
      state: isStarted ? 'running' : 'initialized',
      details: { services: Object.fromEntries(supervisor.list().map((view) => [view.name, shortOf(view)])) },
    }),
    metrics: () => ({ servicesRunning: supervisor.list().filter(({ state }) => state === 'ready').length }),
  };
}

function shortOf({ isEnabled, state, about, disabledReason, reason, restarts }: ServiceView) {
  const why = isEnabled ? reason : (disabledReason ?? 'disabled');
  return { state: isEnabled ? state : 'disabled', about: about ?? '', reason: why, restarts };
}

function failureIn({ name, state, reason }: ServiceView, cause: unknown): Error {
  if (cause instanceof Error) return cause;
  const isLate = state === 'starting' || state === 'running';
  return new AppError(isLate ? 'timed_out' : 'upstream_failed', `Service \`${name}\` is ${state}: ${reason}.`, {
    hint: `\`lightdom logs ${name}\` shows what it wrote.`,
  });
}
