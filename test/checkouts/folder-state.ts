import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every entry of a folder with kind, mode, time of its last change and a hash of what it holds: equal, if nothing was
 * written. Objects of git have no time here: git sets it when it would have written the same object.
 */
export function stateOf(folder: string): Record<string, string> {
  const state: Record<string, string> = {};
  const visit = (path: string): void => {
    const stat = lstatSync(path);
    const isObject = stat.isFile() && path.includes('/.git/objects/');
    const facts = [stat.mode.toString(8), isObject ? '' : stat.mtimeMs, stat.size];
    if (stat.isSymbolicLink()) facts.push(readlinkSync(path));
    if (stat.isFile()) facts.push(createHash('sha256').update(readFileSync(path)).digest('hex'));
    state[path] = facts.join(' ');
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  visit(folder);
  return state;
}
