import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { systemCodeOf } from '../errors.ts';
import { listProcessIds, nameOfProcess, socketsOf } from './process-table.ts';

/** Who listens on a port. */
export interface PortHolder {
  readonly pid: number;
  /** As the kernel knows it, at most 15 characters. */
  readonly name: string;
}

/** TCP_LISTEN in the column `st` of /proc/net/tcp. */
const LISTENING = '0A';

/** True when nobody could listen there now because somebody does. Throws what the system says otherwise. */
export async function isPortTaken(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    if (systemCodeOf(error) === 'EADDRINUSE') return true;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return false;
}

/** Undefined where it can't be known: no /proc, or another user's process. */
export function findPortHolder(port: number): PortHolder | undefined {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of listProcessIds()) {
    if (![...socketsOf(pid)].some((inode) => inodes.has(inode))) continue;
    return { pid, name: nameOfProcess(pid) ?? 'unknown' };
  }
  return undefined;
}

function listeningInodes(port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const table of ['tcp', 'tcp6']) {
    for (const line of linesOf(`/proc/net/${table}`)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      if (state === LISTENING && local.endsWith(suffix)) inodes.add(inode);
    }
  }
  return inodes;
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split('\n').slice(1);
  } catch {
    return [];
  }
}
