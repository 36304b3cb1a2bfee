import { randomBytes, randomUUID } from 'node:crypto';

/** A random handle of 128 bits in hexadecimal, unguessable, with no meaning of its own. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}

/** Names one internal failure in the answer and in the log. */
export function newIncidentId(): string {
  return randomUUID().slice(0, 8);
}

/** A secret of 256 bits, safe in URLs and headers. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
