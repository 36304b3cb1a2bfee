/** The programmatic API of LightDom. */
export { AppError } from './core/errors.ts';
export type { ErrorCode } from './core/errors.ts';
export type { ConfigInput } from './core/config/index.ts';
export { MasterSystemOrchestrator } from './master-system-orchestrator.ts';
export type { SystemStatus } from './orchestrator/index.ts';
export type { Services } from './services.ts';
