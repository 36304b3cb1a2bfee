import { isIPv4 } from 'node:net';

/** Whether an address to listen on is one that this machine alone can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
