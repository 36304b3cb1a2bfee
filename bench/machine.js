import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const manifestSchema = z.object({ version: z.string() });

/**
 * What the figures were measured on and with.
 * @param {readonly string[]} packages installed ones
 */
export function machine(packages) {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? 'unknown',
    threads: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    packages: Object.fromEntries(packages.map((name) => [name, versionIn(join(ROOT, 'node_modules', name))])),
  };
}

/** @param {string} folder of a package */
export function versionIn(folder) {
  return manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version;
}

/** @param {ReturnType<typeof machine>} machine */
export function printMachine({ processor, threads, memoryGb, system, node, packages }) {
  console.log(`${processor}, ${threads} threads, ${memoryGb} GB, ${system}, Node ${node}`);
  console.log(
    Object.entries(packages)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  );
}
