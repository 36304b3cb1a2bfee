#!/usr/bin/env node
/**
 * Completes package-lock.json after a change of dependencies: npm leaves out platform packages that it did not see
 * (an old node_modules, a registry that lacks them), and `npm ci` then refuses the lockfile everywhere.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const entrySchema = z.object({
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
/** In npm's order, so that the file keeps it; entries stay as they are. */
const lockSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  lockfileVersion: z.number(),
  requires: z.boolean(),
  packages: z.record(z.string(), z.unknown()),
});

const FILE = new URL('../package-lock.json', import.meta.url);

const lock = lockSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')));
const added = missingEntries(lock.packages);
const names = Object.keys(added);
if (names.length > 0) {
  const sorted = Object.entries({ ...lock.packages, ...added }).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
}
console.log(names.length === 0 ? 'package-lock.json is complete' : `added:\n${names.join('\n')}`);

/**
 * @param {z.output<typeof lockSchema>['packages']} packages
 * @returns {Record<string, object>}
 */
function missingEntries(packages) {
  /** @type {Record<string, object>} */
  const entries = {};
  for (const [path, entry] of Object.entries(packages)) {
    const { dev, optionalDependencies = {} } = entrySchema.parse(entry);
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const place = `node_modules/${name}`;
      if (packages[place] === undefined && packages[`${path}/${place}`] === undefined) {
        entries[place] = { version, ...(dev === true ? { dev } : {}), optional: true, ...platformOf(name) };
      }
    }
  }
  return entries;
}

/**
 * The platform that the name of a binding tells, `@oxfmt/binding-linux-x64-musl`, so that npm skips it on others.
 * @param {string} name
 */
function platformOf(name) {
  const [os = '', cpu = '', abi] = name.replace(/^@[^/]+\/(?:binding-)?/, '').split('-');
  const libc = { gnu: 'glibc', musl: 'musl' }[abi ?? ''];
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc !== undefined ? { libc: [libc] } : {}) };
}
