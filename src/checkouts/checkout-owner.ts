import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { systemCodeOf } from '../core/errors.ts';
import { identityOf, isSameLiveProcess } from '../core/process-identity.ts';

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  processStart: z.string(),
  /** Folder of the private repository. */
  repository: z.string(),
});

/** Whose working tree it is. The file lies beside the tree, is there before it and goes after it. */
export type CheckoutOwner = z.infer<typeof ownerSchema>;

const ENDING = '.json';

export function claimTree(folder: string, checkoutId: string, repository: string): void {
  const owner: CheckoutOwner = { ...identityOf(process.pid), repository };
  writeFileSync(ownerFile(folder, checkoutId), JSON.stringify(owner), { flag: 'wx', mode: 0o600 });
}

export function releaseTree(folder: string, checkoutId: string): void {
  rmSync(ownerFile(folder, checkoutId), { force: true });
}

export interface ClaimedTree {
  readonly checkoutId: string;
  /** Undefined where the file says nothing that can be understood. */
  readonly owner: CheckoutOwner | undefined;
  readonly isLive: boolean;
}

/** All that lie in the folder, whether a process still has them or not. */
export function listTrees(folder: string): ClaimedTree[] {
  const ids = new Set(namesIn(folder).map((name) => name.replace(/\.json$/, '')));
  return [...ids].map((checkoutId) => {
    const owner = readOwner(ownerFile(folder, checkoutId));
    return { checkoutId, owner, isLive: owner !== undefined && isSameLiveProcess(owner) };
  });
}

function readOwner(file: string): CheckoutOwner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function ownerFile(folder: string, checkoutId: string): string {
  return join(folder, `${checkoutId}${ENDING}`);
}
