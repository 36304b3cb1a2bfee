import { SUBSYSTEM_KEYS } from './orchestrator/index.ts';
import {
  agentSubsystem,
  indexingSubsystem,
  startupSubsystem,
  unavailableSubsystem,
} from './orchestrator/orchestrator-runtime.ts';
import type { AutonomousAgent, StartupOptions, Subsystem } from './orchestrator/index.ts';
import type { Services } from './services.ts';

const NOT_BUILT = 'not part of this version yet';

/** The ten subsystems in their order; those that this version lacks say so. */
export function createSubsystems(
  services: Services,
  { agent, ...startup }: StartupOptions & { readonly agent: AutonomousAgent },
): readonly Subsystem[] {
  const { supervisor, graph, runs } = services;
  const built = new Map(
    [startupSubsystem(supervisor, startup), indexingSubsystem(graph, runs), agentSubsystem(agent)].map((part) => [
      part.key,
      part,
    ]),
  );
  return SUBSYSTEM_KEYS.map((key) => built.get(key) ?? unavailableSubsystem(key, NOT_BUILT));
}
