import { join } from 'node:path';
import process from 'node:process';
import { PEER_ENVIRONMENT } from '../graph/peers.js';
import { measureTree } from '../process-tree.js';
import { EDIT_KINDS } from './edit-kinds.js';
import { put } from './live-edits.js';

/** @typedef {import('./edit-kinds.js').Target} Target */
/** Each edit takes two to four starts of a command: of the files that are edited here, these are enough. */
const PEER_FILES = 1;

/** @typedef {{ kind: string, wallSeconds: number, cpuSeconds: number }} Synced */

/**
 * The same edits, each brought into the index of another tool by its own command.
 * @param {string} entry @param {string} folder its copy of the repository @param {readonly Target[]} targets
 */
export async function measurePeerEdits(entry, folder, targets) {
  const options = { cwd: folder, env: PEER_ENVIRONMENT };
  const { wallSeconds, cpuSeconds } = await measureTree([process.execPath, entry, 'init', '.'], options);
  const sync = () => measureTree([process.execPath, entry, 'sync', '.'], options);
  /** @type {Synced[]} */
  const measured = [];
  for (const target of targets.slice(0, PEER_FILES)) {
    for (const kind of EDIT_KINDS) {
      const path = join(folder, kind.path(target));
      const before = kind.before(target);
      if (kind.path(target) !== target.path && before !== undefined) {
        put(path, before);
        await sync();
      }
      put(path, kind.text(target, 1));
      const { wallSeconds: wall, cpuSeconds: cpu } = await sync();
      measured.push({ kind: kind.name, wallSeconds: wall, cpuSeconds: cpu });
      put(path, kind.path(target) === target.path ? before : undefined);
      await sync();
    }
  }
  return { cold: { wallSeconds, cpuSeconds }, measured };
}
