import type { Log } from '../core/log.ts';
import { messageOf } from '../core/errors.ts';
import type { Subsystem } from './subsystem.ts';

/** Something that the platform itself stands on: the database, the engine of runs, the HTTP surface. */
export interface CoreService {
  readonly name: string;
  /** Says in a few words where or what it is. */
  start(): Promise<string>;
  stop(): Promise<void>;
  isHealthy(): boolean;
}

/** Starts the core services in the order given and stops them in reverse. */
export function startupSubsystem(services: readonly CoreService[], log: Log): Subsystem {
  const about = new Map<CoreService, string>();
  const stateOf = (service: CoreService): 'running' | 'unhealthy' | 'stopped' => {
    if (!about.has(service)) return 'stopped';
    return service.isHealthy() ? 'running' : 'unhealthy';
  };
  return {
    key: 'startup',
    async start() {
      for (const service of services) about.set(service, await service.start());
      return [...about].map(([service, text]) => `${service.name} ${text}`).join(', ');
    },
    async stop() {
      for (const service of services.toReversed()) {
        if (!about.delete(service)) continue;
        await service.stop().catch((error: unknown) => {
          log.error({ service: service.name, reason: messageOf(error) }, 'a core service failed to stop');
        });
      }
    },
    status: () => ({
      state: about.size === 0 ? 'initialized' : 'running',
      details: {
        services: Object.fromEntries(
          services.map((service) => [service.name, { state: stateOf(service), about: about.get(service) ?? '' }]),
        ),
      },
    }),
    metrics: () => ({ servicesRunning: services.filter((service) => stateOf(service) === 'running').length }),
  };
}
