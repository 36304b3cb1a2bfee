import { SUBSYSTEM_KEYS } from './orchestrator/index.ts';
import { indexingSubsystem, startupSubsystem, unavailableSubsystem } from './orchestrator/orchestrator-runtime.ts';
import type { StartupOptions, Subsystem } from './orchestrator/index.ts';
import type { Services } from './services.ts';

const NOT_BUILT = 'not part of this version yet';

/** The ten subsystems in their order; those that this version lacks say so. */
export function createSubsystems(services: Services, startup: StartupOptions): readonly Subsystem[] {
  const { supervisor, graph, runs } = services;
  const built = new Map(
    [startupSubsystem(supervisor, startup), indexingSubsystem(graph, runs)].map((part) => [part.key, part]),
  );
  return SUBSYSTEM_KEYS.map((key) => built.get(key) ?? unavailableSubsystem(key, NOT_BUILT));
}
