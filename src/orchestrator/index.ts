/**
 * The master: ten subsystems, brought up in order and down in reverse.
 * Owns the lifecycle, its phases and the status of the whole. Invariant: a part that this version does not have is
 * `unavailable` with its reason; no part pretends.
 */
export type { AutonomousAgent } from './agent-subsystem.ts';
export type { Orchestrator } from './orchestrator.ts';
export type { OpenedSystem, OrchestratorEvents } from './orchestrator.ts';
export { SUBSYSTEM_KEYS, systemStatusSchema } from './orchestrator-schema.ts';
export type { PhaseReport, SubsystemStatus, SystemStatus } from './orchestrator-schema.ts';
export type { StartupOptions } from './startup-subsystem.ts';
export type { Subsystem } from './subsystem.ts';
