import type { Log } from '../core/log.ts';
import { identityOf, isSameLiveProcess } from '../core/process-identity.ts';
import type { ProcessIdentity } from '../core/process-identity.ts';
import { endAbandoned, listProcessIds, foreignGroupOf, variableOf } from '../core/process/index.ts';
import { isLive } from './decisions/service-state.ts';
import { MARK_VARIABLE, markOf } from './held-service.ts';
import type { ServiceSpec } from './manifest/service-spec.ts';
import type { StoredService, SupervisorStore } from './supervisor-store.ts';

export interface ReconcileDeps {
  readonly store: SupervisorStore;
  readonly supervisorId: string;
  readonly log: Log;
}

/** A service as it is to be, and what was stored of it. */
export interface Wish {
  readonly spec: ServiceSpec;
  readonly stored: StoredService | undefined;
  readonly isRunning: boolean;
}

const GONE = 'it ended while no supervisor was there';
const NOT_WANTED = 'its supervisor is gone, and it is not wanted as it was';
const DEFAULT_STOP = { signal: 'SIGTERM', graceMs: 10_000 } as const;

/**
 * What a former supervisor has left behind: a process that is still wanted, and was started as it would be started now, is
 * returned by the name of its service; any other of ours is ended, one of a service that is no longer known too. What died
 * meanwhile gets its transition, at the last time that it was looked after.
 */
export async function reconcile(wishes: readonly Wish[], deps: ReconcileDeps): Promise<Map<string, ProcessIdentity>> {
  const adopted = new Map<string, ProcessIdentity>();
  for (const { spec, stored, isRunning } of wishes) {
    const process = stored?.process;
    const isAlive = process !== undefined && isSameLiveProcess(process);
    if (isAlive && isRunning && isAsNow(process, spec, deps.supervisorId)) adopted.set(spec.name, process);
    else await recordEnd(stored ?? spec, isAlive ? NOT_WANTED : GONE, deps.store);
  }
  const kept = new Set([...adopted.values()].map(({ pid }) => pid));
  const ends = new Map(wishes.map(({ spec }) => [spec.name, spec.stop]));
  const strays = straysOf(await deps.store.listServices(), deps.supervisorId).filter(({ pid }) => !kept.has(pid));
  await Promise.all(
    strays.map(async ({ name, ...identity }) => {
      deps.log.info({ service: name, pid: identity.pid }, 'a process that nobody wants any more is ended');
      await endAbandoned(identity, ends.get(name) ?? DEFAULT_STOP);
    }),
  );
  return adopted;
}

interface Stray extends ProcessIdentity {
  readonly name: string;
}

/** Processes of this supervisor: those that it has stored, and those that bear its mark. */
function straysOf(stored: readonly StoredService[], supervisorId: string): Stray[] {
  const found = new Map<number, Stray>();
  for (const { name, process } of stored) {
    if (process !== undefined && isSameLiveProcess(process)) found.set(process.pid, { name, ...process });
  }
  const prefix = `${supervisorId}/`;
  for (const pid of listProcessIds()) {
    const mark = variableOf(pid, MARK_VARIABLE);
    if (mark === undefined || !mark.startsWith(prefix)) continue;
    const group = foreignGroupOf(pid);
    const [name = ''] = mark.slice(prefix.length).split('/');
    if (group !== undefined && !found.has(group)) found.set(group, { name, ...identityOf(group) });
  }
  return [...found.values()];
}

/** Where the mark can't be read, the recorded identity must do. */
function isAsNow({ pid }: ProcessIdentity, spec: ServiceSpec, supervisorId: string): boolean {
  if (spec.launch.type !== 'command') return false;
  const mark = variableOf(pid, MARK_VARIABLE);
  return mark === undefined || mark === markOf(supervisorId, spec);
}

async function recordEnd(
  service: Pick<StoredService, 'name'> & Partial<StoredService>,
  reason: string,
  store: SupervisorStore,
): Promise<void> {
  const { name, seenAtMs = 0 } = service;
  const last = await store.findLastTransition(name);
  if (last === undefined || !(isLive(last.to) || last.to === 'stopping')) return;
  const { to: from, isWanted, atMs } = last;
  await store.insertTransition({ name, from, to: 'stopped', reason, isWanted, atMs: Math.max(atMs, seenAtMs) });
}
