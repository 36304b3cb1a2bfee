import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';

/** A server that is healthy for as long as it lives. Its argument is its port. */
const SERVER = `require('node:http').createServer((request, response) => response.end('fine'))
  .listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));`;
const STUBBORN = `process.on('SIGTERM', () => {});`;
/** A child of it lives on when it is killed, unless somebody sees to it. */
const PARENT = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);`;

const PROGRAMS = {
  server: SERVER,
  stubborn: STUBBORN + SERVER,
  parent: PARENT + SERVER,
  both: STUBBORN + PARENT + SERVER,
};

/** @type {readonly { name: string, program: keyof typeof PROGRAMS, dependsOn?: string }[]} */
const SERVICES = [
  { name: 'shop', program: 'server' },
  { name: 'search', program: 'server', dependsOn: 'shop' },
  { name: 'stubborn', program: 'stubborn' },
  { name: 'parent', program: 'parent' },
  { name: 'stubborn-parent', program: 'both' },
  { name: 'mail', program: 'server' },
];

export const SOAKED = SERVICES.map(({ name }) => name);

/**
 * Writes the programs and the manifest that starts them.
 * @param {string} folder
 * @param {Readonly<Record<string, string>>} env of each service
 * @returns {Promise<string>} path of the manifest
 */
export async function writeServices(folder, env) {
  mkdirSync(folder, { recursive: true });
  for (const [name, source] of Object.entries(PROGRAMS)) writeFileSync(join(folder, `${name}.cjs`), source);
  const ports = await freePorts(SERVICES.length);
  const services = Object.fromEntries(
    SERVICES.map(({ name, program, dependsOn }, index) => [
      name,
      {
        command: [process.execPath, join(folder, `${program}.cjs`), String(ports[index])],
        env,
        ...(dependsOn === undefined ? {} : { dependsOn: { [dependsOn]: { condition: 'healthy' } } }),
        readiness: { type: 'http', url: `http://127.0.0.1:${ports[index]}/`, periodSeconds: 0.1 },
        stop: { graceMs: 1_000 },
      },
    ]),
  );
  const manifest = join(folder, 'services.yaml');
  // JSON is YAML.
  writeFileSync(manifest, JSON.stringify({ version: 1, services }, null, 2));
  return manifest;
}

const addressSchema = z.object({ port: z.number() });

/** All at once, so that no two are the same. @param {number} count */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => addressSchema.parse(server.address()).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
