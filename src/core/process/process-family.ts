import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { systemCodeOf } from '../errors.ts';
import { isSameLiveProcess } from '../process-identity.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import { signalProcess } from '../process-signal.ts';
import { findProcess, listProcessIds, residentBytes, variableOf } from './process-table.ts';

/** A process that leads a group, and all that came of it. */
export interface FamilyName {
  readonly first: ProcessIdentity;
  /** A variable that all of them were given: what left the group and lost its parent is known by it. */
  readonly mark: { readonly name: string; readonly value: string };
}

const LOOK_PERIOD_MS = 20;
/** The kernel does it at once, but for a process that waits for a device: that one is left to it. */
const KILLED_WITHIN_MS = 5_000;

/** Those that live, by parents and group; the first alone where there is no /proc. */
export function listFamily({ first }: Pick<FamilyName, 'first'>, more: readonly number[] = []): number[] {
  const rows = listProcessIds()
    .map((id) => findProcess(id))
    .filter((row) => row !== undefined);
  const members = new Set<number>(more);
  if (isSameLiveProcess(first)) members.add(first.pid);
  for (const row of rows) if (row.groupId === first.pid) members.add(row.pid);
  // A child may stand before its parent in the list.
  for (let count = -1; count !== members.size;) {
    count = members.size;
    for (const row of rows) if (members.has(row.parentId)) members.add(row.pid);
  }
  return [...members];
}

/** Memory that they occupy now; pages that they share count for each. */
export function familyBytes(family: FamilyName): number {
  return listFamily(family).reduce((sum, pid) => sum + residentBytes(pid), 0);
}

/** Ends all of them, also those that come while it does. Resolves when none is left, or the kernel does not let go. */
export async function endFamily(family: FamilyName): Promise<void> {
  const until = performance.now() + KILLED_WITHIN_MS;
  while (performance.now() < until) {
    const members = listFamily(family, listMarked(family));
    if (members.length === 0) return;
    for (const pid of members) kill(pid);
    await delay(LOOK_PERIOD_MS);
  }
}

/** One that became another user's is not ours to end. */
function kill(pid: number): void {
  try {
    signalProcess(pid, 'SIGKILL');
  } catch (error) {
    if (systemCodeOf(error) !== 'EPERM') throw error;
  }
}

function listMarked({ mark }: FamilyName): number[] {
  return listProcessIds().filter((pid) => {
    const isMarked = pid !== process.pid && variableOf(pid, mark.name) === mark.value;
    return isMarked && findProcess(pid) !== undefined;
  });
}
