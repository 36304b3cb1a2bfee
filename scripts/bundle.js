#!/usr/bin/env node
/** One file that Claude Desktop installs by a click, with all that the server needs: `npm run bundle`. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { catalog } from '../dist/src/catalog.js';
import { bundleManifest } from './bundle/bundle-manifest.js';
import { packageManifest } from './gen/package-manifest.js';
import { installedTools } from './install-tools.js';

const USAGE = `npm run bundle -- [--manifest] [--out FILE]

  --manifest  only print the manifest
  --out FILE  where the bundle goes (default: dist/lightdom.mcpb)

The bundle holds native programs: it is for the platform that it is made on.
`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SHIPPED = ['package.json', 'package-lock.json', 'LICENSE', 'README.md'];

/**
 * Packing leaves out declarations, but the native compiler reads those of the language: without them no type is resolved.
 * What is built for tests and editors is of no use to a host.
 */
const IGNORE = ['!node_modules/@typescript/*/lib/lib*.d.ts', '*.tsbuildinfo', '*.d.cts', '*.d.mts', ''].join('\n');

const { values: options } = parseArgs({
  options: {
    manifest: { type: 'boolean', default: false },
    out: { type: 'string', default: join(ROOT, 'dist', 'lightdom.mcpb') },
    help: { type: 'boolean', default: false },
  },
});

const manifest = await bundleManifest(catalog, packageManifest());
if (options.help) console.log(USAGE);
else if (options.manifest) console.log(JSON.stringify(manifest, null, 2));
else pack(options.out);

/** @param {string} out */
function pack(out) {
  const mcpb = packer();
  const work = mkdtempSync(join(tmpdir(), 'lightdom-bundle-'));
  try {
    const stage = join(work, 'stage');
    for (const name of SHIPPED) cpSync(join(ROOT, name), join(stage, name));
    cpSync(join(ROOT, 'dist'), join(stage, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.mcpb') });
    writeFileSync(join(stage, 'manifest.json'), JSON.stringify(manifest, null, 2));
    writeFileSync(join(stage, '.mcpbignore'), IGNORE);
    console.log('installing what the server needs …');
    run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], stage);
    console.log('packing …');
    run(process.execPath, [mcpb, 'pack', stage, out], work);
    console.log('trying what was packed …');
    run(process.execPath, [mcpb, 'unpack', out, join(work, 'unpacked')], work);
    tryBundle(work);
    console.log(`${out}: ${(statSync(out).size / 1e6).toFixed(1)} MB for ${process.platform} on ${process.arch}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Indexes one file with what was unpacked: the database and the native compiler must be there with all that they read.
 * @param {string} work
 */
function tryBundle(work) {
  const workspace = join(work, 'workspace');
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'a.ts'), 'export const one = [1].map((n) => n.toFixed());\n');
  writeFileSync(join(workspace, 'tsconfig.json'), '{"include": ["a.ts"]}');
  const main = join(work, 'unpacked', 'dist', 'src', 'main.js');
  run(process.execPath, [main, 'index', workspace, '--engine', 'ts7', '--data-dir', join(work, 'data')], workspace);
}

/** The program of the bundle's format; it is no dependency of ours. */
function packer() {
  const entry = join(installedTools('clients'), '@anthropic-ai', 'mcpb', 'dist', 'cli', 'cli.js');
  if (existsSync(entry)) return entry;
  throw new Error(`There is no ${entry}. Try: npm ci --prefix .interop/clients`);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64_000_000 });
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ''} failed with ${status}.\n${stdout}\n${stderr}`);
}
