import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** A workspace with a manifest of services, each of them a real program. */
export interface ServiceFolder {
  readonly path: string;
  readonly manifest: string;
  remove(): void;
}

/** Writes a line at once, and ends when it is told to. */
const TALKER = `console.log('hello from ' + process.argv[2]); setInterval(() => {}, 1000);
process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });`;

/**
 * `talker`, which runs and writes; `reader`, which needs it; `broken`, which fails at once and for good; `off`, which is
 * disabled.
 */
export function createServiceFolder(): ServiceFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'ld-services-')));
  writeFileSync(join(path, 'talker.cjs'), TALKER);
  const node = process.execPath;
  const talker = {
    command: [node, 'talker.cjs', 'talker'],
    readiness: { type: 'log', contains: 'hello', periodSeconds: 0.02 },
  };
  const services = {
    talker,
    reader: { command: [node, 'talker.cjs', 'reader'], dependsOn: { talker: { condition: 'healthy' } } },
    broken: { command: [node, '-e', 'console.error("no luck"); process.exit(3)'], restart: 'never' },
    off: { command: [node, 'talker.cjs', 'off'], enabled: false, disabledReason: 'not needed here' },
  };
  const manifest = join(path, 'lightdom.services.yaml');
  // JSON is YAML.
  writeFileSync(manifest, JSON.stringify({ services }, undefined, 2));
  return { path, manifest, remove: () => rmSync(path, { recursive: true, force: true }) };
}
