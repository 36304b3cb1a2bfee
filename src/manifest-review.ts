import type { LoadedConfig } from './core/config/index.ts';
import { openDataFolder } from './core/data-folder/index.ts';
import type { ReviewedManifest, ReviewedService } from './server/index.ts';
import { manifestConsent, planDepsOf } from './service-plan.ts';
import {
  findWorkspaceManifest,
  parseManifest,
  planServices,
  readManifestFile,
} from './supervisor/supervisor-runtime.ts';
import type { Manifest, Probe, ServiceSpec } from './supervisor/index.ts';

/** Services of the system, of which a manifest may have no others. */
export const BUILT_IN_SERVICES = [
  'database',
  'runs',
  'workers',
  'indexer',
  'graph-server',
  'api',
  'agent',
  'models',
  'ollama',
] as const;

/**
 * The manifest of that file, else the one of the configuration, else that of the workspace, with all that it would run;
 * undefined when there is none. Starts nothing. Throws `invalid_input` that names every mistake in it.
 */
export function reviewManifest(loaded: LoadedConfig, file?: string): ReviewedManifest | undefined {
  const { workspace, dataDir, services } = loaded.config;
  const named = file ?? services.startup.manifest;
  const found = named === undefined ? findWorkspaceManifest(workspace) : readManifestFile(named);
  if (found === undefined) return undefined;
  const { path, text } = found;
  const parsed = parseManifest(text, path);
  const specs = planServices(parsed, { ...planDepsOf(loaded), builtIn: BUILT_IN_SERVICES });
  const consent = manifestConsent(openDataFolder(dataDir).path);
  return {
    path,
    isNamed: named !== undefined,
    isAllowed: named !== undefined || consent.isAllowed(path, text),
    services: specs.map((spec) => reviewed(spec, parsed.manifest)),
    allow: () => consent.allow(path, text),
  };
}

function reviewed({ name, launch, ports, enabled, ...spec }: ServiceSpec, { services }: Manifest): ReviewedService {
  const { startup, readiness, liveness } = spec;
  const env = Object.entries(services[name]?.env ?? {}).map(([key, value]) => {
    return `${key}=${typeof value === 'string' ? value : `(secret ${value.secret})`}`;
  });
  return {
    name,
    command: launch.type === 'command' ? [launch.file, ...launch.args] : [],
    cwd: launch.type === 'command' ? launch.cwd : '',
    env,
    ports: ports.map(({ host, port }) => `${host}:${port}`),
    probes: [startup, readiness, liveness].flatMap((probe) => commandOf(probe)),
    isEnabled: enabled,
  };
}

/** A probe may be a program, too. */
function commandOf(probe: Probe | undefined): (readonly string[])[] {
  return probe?.type === 'command' ? [probe.command] : [];
}
