import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { isHomeFolder, isReachable, postgresIdentity } from './postgres-identity.ts';
import type { Identity } from './postgres-identity.ts';

/** Where a cluster lives and who runs it. */
export interface ClusterPlace {
  readonly folder: string;
  readonly identity: Identity | undefined;
}

/** Name of Postgres' own data folder in the folder of a cluster. */
export const DATA_NAME = 'data';

/** Clusters of root whose own data folder the account of Postgres can't reach: /root is closed to it. */
const SHARED_ROOT = '/var/lib/lightdom';

/**
 * `folder` itself, made when missing; for root, who may not run Postgres, a folder that the account of Postgres can
 * reach: `folder` where that takes no more than a right of passage through LightDom's own data folder, else one under
 * /var/lib named after it. A cluster that exists stays where it is, with the account that owns it.
 */
export function placeOfCluster(folder: string, log: Log): ClusterPlace {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = realpathSync(folder);
  const identity = postgresIdentity();
  if (identity === undefined) return { folder: own, identity };
  const shared = sharedOf(own);
  const existing = existingOf(own);
  if (existing !== undefined) return { folder: existing, identity: ownerOf(join(existing, DATA_NAME)) ?? identity };
  const place = openTo(own, identity) ? own : makeShared(shared, own);
  if (place === shared)
    log.warn({ folder: own, place }, 'Postgres can not reach the data folder; its own is elsewhere');
  return { folder: place, identity };
}

/** Where the cluster of `folder` lies, if there is one; makes nothing. */
export function findCluster(folder: string): string | undefined {
  return existsSync(folder) ? existingOf(realpathSync(folder)) : undefined;
}

/** Only root has clusters elsewhere, or may look there. */
function existingOf(own: string): string | undefined {
  const places = postgresIdentity() === undefined ? [own] : [own, sharedOf(own)];
  return places.find((place) => existsSync(join(place, DATA_NAME, 'PG_VERSION')));
}

function sharedOf(own: string): string {
  return join(SHARED_ROOT, createHash('sha256').update(own).digest('hex').slice(0, 16));
}

/** Whoever made the cluster runs it: an account `postgres` may have come later, or the cluster be an ordinary user's. */
function ownerOf(dataPath: string): Identity | undefined {
  const { uid, gid } = statSync(dataPath);
  return uid === 0 ? undefined : { uid, gid };
}

/** Lets the account pass through, and see nothing; false when more than our own two folders would have to be opened. */
function openTo(folder: string, identity: Identity): boolean {
  const parent = dirname(folder);
  if (!isReachable(parent, identity)) {
    if (isHomeFolder(parent) || !isReachable(dirname(parent), identity)) return false;
    allowPassage(parent);
  }
  allowPassage(folder);
  return true;
}

function allowPassage(folder: string): void {
  chmodSync(folder, (statSync(folder).mode & 0o7777) | 0o011);
}

function makeShared(shared: string, folder: string): string {
  try {
    mkdirSync(shared, { recursive: true });
    for (const path of [SHARED_ROOT, shared]) allowPassage(path);
    return shared;
  } catch (error) {
    throw new AppError(
      'permission_denied',
      `Postgres can't run as root, its account can't reach ${folder}, and ${shared} can't be made: ${messageOf(error)}.`,
      { hint: 'Choose a --data-dir that every account can reach, run LightDom as another user, or set DATABASE_URL.' },
    );
  }
}
