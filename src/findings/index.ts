/**
 * What is wrong with the code of a workspace, and what to do first. Owns the table `finding`. Invariants: a finding comes
 * from a source that was run, never from a guess; what one collection and the next see as the same is one row; only a
 * source that was run to its end can make a finding `fixed`; `ignored` stays until someone reopens it.
 */
export {
  CATEGORIES,
  findingCollectInputSchema,
  findingListAnswerSchema,
  findingListInputSchema,
  findingSchema,
  findingUpdateInputSchema,
  SEVERITIES,
} from './finding-schema.ts';
export type { Category, Finding, FindingListInput, Severity } from './finding-schema.ts';
export type { FindingService } from './finding-service.ts';
export type { FindingServiceDeps } from './finding-service.ts';
export type { FindingStore } from './finding-store.ts';
export { fingerprintOf } from './fingerprint.ts';
export { renderFinding, renderFindings } from './finding-text.ts';
export { recommendAnswerSchema, recommendInputSchema } from './recommend-schema.ts';
export type { RecommendInput } from './recommend-schema.ts';
export { renderRecommendations } from './recommend-text.ts';
