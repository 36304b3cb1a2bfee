/**
 * Services: programs and parts of this process that are kept running as a manifest says. Owns the tables `service`,
 * `service_transition` and `service_log`, and every process that it starts, with all that these start. Invariants: what a
 * service does next is decided in `decisions/`, without clock, randomness or process; nothing is given to a shell; a
 * process is known by number and start time, and only ours is ever ended; a log or a database that can't be written
 * never stops a service.
 */
export type { Availability } from './decisions/availability.ts';
export type { ServiceState } from './decisions/service-state.ts';
export type { Manifest } from './manifest/manifest-schema.ts';
export type { ProcessPart } from './manifest/in-process-spec.ts';
export type { PlanDeps } from './manifest/plan-services.ts';
export type { ManifestFile } from './manifest/workspace-manifest.ts';
export type { FunctionProbe, Probe } from './manifest/probe-schema.ts';
export type { InProcess, Launch, ServiceSpec } from './manifest/service-spec.ts';
export { SERVICE_ACTIONS, serviceConsent } from './service-actions.ts';
export type { ServiceAction } from './service-actions.ts';
export {
  megabytes,
  renderServiceLine,
  renderService,
  requireShownState,
  stateOf,
  whyOf,
} from './service-text.ts';
export { serviceLineSchema, serviceViewSchema } from './supervisor-schema.ts';
export type { LogLine, ServiceAlert, ServiceLine, ServiceView, SupervisorEvents } from './supervisor-schema.ts';
export type { SupervisorDeps, SupervisorService } from './supervisor-service.ts';
