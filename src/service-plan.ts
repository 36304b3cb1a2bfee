import { join } from 'node:path';
import { findSecretValue, readEnvironment, SECRET_KEYS } from './core/config/index.ts';
import type { LoadedConfig } from './core/config/index.ts';
import { messageOf } from './core/errors.ts';
import type { Log } from './core/log.ts';
import {
  findWorkspaceManifest,
  unavailableSpec,
  ManifestConsent,
  parseManifest,
  planServices,
  readManifestFile,
} from './supervisor/supervisor-runtime.ts';
import type { ManifestFile, PlanDeps, ServiceSpec } from './supervisor/index.ts';

export interface ServicePlanDeps {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  /** Names of the services of the system itself. */
  readonly builtIn: readonly string[];
}

const CONSENT_FILE = 'allowed-manifests.json';

/** Which manifests the user of this data folder has allowed. */
export function manifestConsent(dataDir: string): ManifestConsent {
  return new ManifestConsent(join(dataDir, CONSENT_FILE));
}

/**
 * The services of the user: those of the manifest that the configuration names, else those of the workspace's own, which
 * can't be started until it was allowed. Throws `invalid_input` for a manifest that is to be used and has mistakes.
 */
export function plannedServices(deps: ServicePlanDeps): ServiceSpec[] {
  const { loaded, log } = deps;
  const { dataDir, workspace, services } = loaded.config;
  const named = services.startup.manifest;
  if (named !== undefined) return specsOf(readManifestFile(named), deps);
  const found = findWorkspaceManifest(workspace);
  if (found === undefined) return [];
  if (manifestConsent(dataDir).isAllowed(found.path, found.text)) return specsOf(found, deps);
  const unavailable = `${found.path} has not been allowed as it is now: look at it, then call \`lightdom services allow\``;
  log.warn({ path: found.path }, 'the manifest of the workspace has not been allowed: its services are not started');
  try {
    return specsOf(found, deps).map((spec) => unavailableSpec(spec, unavailable));
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'the manifest of the workspace has mistakes');
    return [];
  }
}

function specsOf({ path, text }: ManifestFile, { loaded, builtIn }: ServicePlanDeps): ServiceSpec[] {
  return planServices(parseManifest(text, path), { ...planDepsOf(loaded), builtIn });
}

/** How services are planned by this configuration; names of others are to be added. */
export function planDepsOf(loaded: LoadedConfig): Omit<PlanDeps, 'builtIn'> {
  const { workspace, services } = loaded.config;
  const { autoRestart, maxRestarts } = services.startup;
  return {
    workspace,
    environment: readEnvironment(),
    secretKeys: SECRET_KEYS,
    findSecret: (key) => findSecretValue(loaded, key),
    restarts: { isAutomatic: autoRestart, mostQuick: Math.max(1, maxRestarts) },
  };
}
