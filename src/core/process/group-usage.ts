import { existsSync } from 'node:fs';
import { listGroup, residentBytes } from './process-table.ts';

/** What a process group takes at one moment. */
export interface GroupUsage {
  /** Resident memory of all its processes; pages that they share count for each. */
  readonly memoryBytes: number;
  /** Since the sample before; 100 is one processor. Undefined in the first one. */
  readonly cpuPercent: number | undefined;
  readonly processes: number;
}

/** Samples a group; undefined where there is no /proc. */
export class GroupMeter {
  readonly #groupId: number;
  readonly #nowMs: () => number;
  #last: { readonly atMs: number; readonly cpuMs: ReadonlyMap<number, number> } | undefined;

  /** `nowMs` is of a clock that only goes forward. */
  constructor(groupId: number, nowMs: () => number) {
    this.#groupId = groupId;
    this.#nowMs = nowMs;
  }

  sample(): GroupUsage | undefined {
    if (!existsSync('/proc/self/stat')) return undefined;
    const rows = listGroup(this.#groupId);
    const atMs = this.#nowMs();
    const cpuMs = new Map(rows.map((row) => [row.pid, row.cpuMs]));
    const last = this.#last;
    this.#last = { atMs, cpuMs };
    const memoryBytes = rows.reduce((sum, { pid }) => sum + residentBytes(pid), 0);
    if (last === undefined || atMs <= last.atMs) return { memoryBytes, cpuPercent: undefined, processes: rows.length };
    // A process that came in between counts in full, one that went not at all.
    const usedMs = [...cpuMs].reduce((sum, [pid, ms]) => sum + Math.max(0, ms - (last.cpuMs.get(pid) ?? 0)), 0);
    return { memoryBytes, cpuPercent: (usedMs / (atMs - last.atMs)) * 100, processes: rows.length };
  }
}
