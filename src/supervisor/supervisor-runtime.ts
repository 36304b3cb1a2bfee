/**
 * What reads manifests and keeps services running. For the files that put the system together: others know the words of
 * `index.ts`, which load none of this.
 */
export { inProcessSpec } from './manifest/in-process-spec.ts';
export { findWorkspaceManifest, readManifestFile } from './manifest/workspace-manifest.ts';
export { checkManifest, parseManifest } from './manifest/manifest-text.ts';
export { ManifestConsent } from './manifest/manifest-consent.ts';
export { unavailableSpec } from './manifest/service-spec.ts';
export { planServices } from './manifest/plan-services.ts';
export { SupervisorService } from './supervisor-service.ts';
export { SupervisorStore } from './supervisor-store.ts';
