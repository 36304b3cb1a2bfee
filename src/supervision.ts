import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from './core/config/index.ts';
import type { Database } from './core/db/index.ts';
import { AppError } from './core/errors.ts';
import type { Log } from './core/log.ts';
import { missingService } from './core-services.ts';
import { ollamaService } from './ollama-service.ts';
import type { Orchestrator } from './orchestrator/index.ts';
import { localQueueOf } from './runs/run-runtime.ts';
import { plannedServices } from './service-plan.ts';
import { inProcessSpec, SupervisorService, SupervisorStore } from './supervisor/supervisor-runtime.ts';
import type { ProcessPart, ServiceAlert, ServiceView } from './supervisor/index.ts';

export interface SupervisionDeps {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  readonly database: Database;
  /** The services of users stay as they are: run, adopted and ended by another master. */
  readonly isBrief: boolean;
  /** What the surface stands on, each after those that it needs. */
  readonly inner: readonly ProcessPart[];
  /** The last of them: when it is up, calls are answered. */
  readonly surface: ProcessPart;
  /** Filled with what a part has failed to start with, by its name. */
  readonly failures: Map<string, unknown>;
  readonly orchestrator: Orchestrator;
  /** Begins the stop of the whole. */
  readonly stop: () => void;
}

const NOT_BUILT = ['models'];
const ENDS_THE_SYSTEM: ReadonlySet<ServiceAlert['kind']> = new Set(['failed', 'crash-loop']);

/** Everything that is kept running: the parts of the system, the local model server, and the services of the user. */
export async function createSupervision(deps: SupervisionDeps): Promise<SupervisorService> {
  const { loaded, log, database, inner, orchestrator, failures, isBrief } = deps;
  const { dataDir, services, autoStart } = loaded.config;
  const folder = join(dataDir, 'services');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const supervisorId = `${localQueueOf(dataDir)}${isBrief ? '-brief' : ''}`;
  const last = { ...deps.surface, after: inner.map(({ name }) => name) };
  const parts = [...inner, last, ...NOT_BUILT.map((name) => missingService(name))];
  const own = parts.map((part) => inProcessSpec(remembering(part, failures)));
  const others = isBrief ? [] : [...(await ollamaService(loaded)), ...plannedServices({ loaded, log })];
  const supervisor = new SupervisorService({
    services: [...own, ...others],
    store: new SupervisorStore(database, supervisorId),
    supervisorId,
    folder,
    log,
    wallClock: () => Date.now(),
    random: () => Math.random(),
    startDeadlineMs: services.startup.startupTimeout,
    startsByItself: ({ name }) => autoStart || own.some((spec) => spec.name === name),
  });
  supervisor.events.on('alert', (alert) => heed(alert, deps));
  const stopWarning = orchestrator.events.on('status', () => warnOfIll(supervisor.list(), orchestrator));
  orchestrator.events.once('stopped', stopWarning);
  return supervisor;
}

function remembering(part: ProcessPart, failures: Map<string, unknown>): ProcessPart {
  const start = async (signal: AbortSignal): Promise<string> => {
    failures.delete(part.name);
    try {
      return await part.start(signal);
    } catch (error) {
      failures.set(part.name, error);
      throw error;
    }
  };
  return { ...part, start };
}

/** With each status: what is meant to run and does not. */
function warnOfIll(services: readonly ServiceView[], orchestrator: Orchestrator): void {
  const wanted = services.filter(({ isWanted, isEnabled, state }) => isWanted && isEnabled && state !== 'completed');
  const ill = wanted.filter(({ state }) => state !== 'ready');
  if (ill.length === 0) return;
  const names = ill.map(({ name, state }) => `${name} (${state})`).join(', ');
  orchestrator.warn(`${wanted.length - ill.length} of ${wanted.length} services are ready; not ${names}.`);
}

/** Without a critical service the system ends; while it starts or stops, whoever does that is told. */
function heed({ service, kind, message, isCritical }: ServiceAlert, { orchestrator, stop }: SupervisionDeps): void {
  orchestrator.warn(`Service ${service}: ${message}`);
  const isRunning = orchestrator.getStatus().status === 'running';
  if (!isCritical || !isRunning || !ENDS_THE_SYSTEM.has(kind)) return;
  const text = `The system stops, since it can't do without service \`${service}\`: ${message}`;
  orchestrator.report(
    new AppError('upstream_failed', text, { hint: `\`lightdom logs ${service}\` shows what it wrote.` }),
  );
  stop();
}

/** Ready is who can answer: started, with all critical services well. */
export function readinessOf(
  orchestrator: Orchestrator,
  supervisor: SupervisorService | undefined,
): { readonly ready: boolean; readonly reason: string } {
  const { status } = orchestrator.getStatus();
  if (status !== 'running') return { ready: false, reason: status };
  const critical = (supervisor?.list() ?? []).filter(({ isCritical, isEnabled }) => isCritical && isEnabled);
  const ill = critical.find(({ state }) => state !== 'ready');
  if (ill !== undefined) return { ready: false, reason: `${ill.name} is ${ill.state}: ${ill.reason}` };
  return { ready: true, reason: 'running' };
}
