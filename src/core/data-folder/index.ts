/**
 * The data folder of one installation: who owns it now, how to reach the owner, and the token that opens its door.
 * Invariants: the folder is 0700, the token file 0600; at most one live process holds the owner lock.
 */
export { openDataFolder } from './open-data-folder.ts';
export type { DataFolder } from './open-data-folder.ts';
export { acquireOwnerLock, findOwner } from './owner-lock.ts';
export type { Owner, OwnerLock } from './owner-lock.ts';
