import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

interface Account extends Identity {
  readonly name: string;
  readonly home: string;
}

/** Postgres refuses to run as root. These accounts are tried; initdb needs one that has a passwd entry. */
const ACCOUNTS = ['postgres', 'nobody'];
const NOBODY: Identity = { uid: 65534, gid: 65534 };

/** Whom Postgres runs as: undefined for ourselves, another account when we are root. */
export function postgresIdentity(): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  for (const name of ACCOUNTS) {
    const found = accounts.find((account) => account.name === name);
    if (found !== undefined) return { uid: found.uid, gid: found.gid };
  }
  return NOBODY;
}

/** True when that account can pass through every folder above `path`, and into it or execute it. */
export function isReachable(path: string, identity: Identity | undefined): boolean {
  if (identity === undefined) return true;
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === identity.uid ? 0o100 : gid === identity.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Somebody's home: how open it is, is theirs to say. */
export function isHomeFolder(folder: string): boolean {
  return folder === homedir() || readAccounts().some((account) => account.home === folder);
}

/** passwd(5): name:password:uid:gid:comment:home:shell */
function readAccounts(): readonly Account[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid, , home = '']) => ({ name, uid: Number(uid), gid: Number(gid), home }));
  } catch {
    return [];
  }
}
