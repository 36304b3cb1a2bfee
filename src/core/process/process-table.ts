import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import process from 'node:process';

/** One process as /proc shows it (proc(5)); there is nothing of this where there is no /proc. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentId: number;
  readonly groupId: number;
  readonly cpuMs: number;
}

/** USER_HZ, the unit of times in /proc: 100 on every architecture that Node runs on. */
const MS_PER_TICK = 10;

export function listProcessIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Undefined for one that is gone, or dead and not reaped. */
export function findProcess(pid: number): ProcessRow | undefined {
  const stat = readProc(pid, 'stat');
  if (stat === undefined) return undefined;
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  const cpuMs = (Number(fields[10]) + Number(fields[11])) * MS_PER_TICK;
  return { pid, parentId: Number(fields[0]), groupId: Number(fields[1]), cpuMs };
}

export function listGroup(groupId: number): ProcessRow[] {
  return listProcessIds()
    .map((pid) => findProcess(pid))
    .filter((row) => row !== undefined)
    .filter((row) => row.groupId === groupId);
}

/** The group that a process is in; undefined where that is our own. */
export function foreignGroupOf(pid: number): number | undefined {
  const groupId = findProcess(pid)?.groupId;
  return groupId === findProcess(process.pid)?.groupId ? undefined : groupId;
}

/** Memory that it occupies now. */
export function residentBytes(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status') ?? '') ?? [];
  return Number(kilobytes) * 1024;
}

export function nameOfProcess(pid: number): string | undefined {
  return readProc(pid, 'comm')?.trim();
}

/** The variable of its environment as it was started; undefined when there is none, or it is not ours to read. */
export function variableOf(pid: number, name: string): string | undefined {
  const found = readProc(pid, 'environ')
    ?.split('\0')
    .find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** Inodes of the sockets that it has open; none when it is not ours to look at. */
export function socketsOf(pid: number): Set<string> {
  const inodes = new Set<string>();
  try {
    for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`)) ?? [];
      if (inode !== undefined) inodes.add(inode);
    }
  } catch {
    return inodes;
  }
  return inodes;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return undefined;
  }
}
