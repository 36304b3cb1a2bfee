import { posix } from 'node:path';
import process from 'node:process';
import { lastCommand } from './script-words.ts';
import { GATE_ENV } from './planned-gate.ts';
import type { PlannedGate, PlanPlace } from './planned-gate.ts';

/** Each is a run of the compiler. */
const MAX_CONFIGS = 12;
/** Scripts by which people check types alone. */
const SCRIPTS = ['typecheck', 'type-check', 'check-types', 'check:types', 'types', 'tsc'];
/** Beside an option that makes the compiler remember, it is told to do so here. */
const BUILD_INFO = '.lightdom.tsbuildinfo';
const FIXTURE = /(?:^|\/)(?:node_modules|fixtures?|__fixtures__|testdata)\//;

/** The compiler of the workspace for each configuration that may see the change, those around it first. */
export async function typeGates(
  place: PlanPlace,
  changed: readonly string[],
  scripts: Readonly<Record<string, string>>,
): Promise<readonly PlannedGate[]> {
  const configs = await configsFor(place, changed, scripts);
  if (configs.length === 0) {
    return [{ state: 'absent', kind: 'types', command: 'tsc --noEmit', reason: 'There is no tsconfig.json.' }];
  }
  const gates = configs.slice(0, MAX_CONFIGS).map((config) => gateFor(place, config));
  const left = configs.length - gates.length;
  if (left === 0) return gates;
  const reason = `Only ${MAX_CONFIGS} of ${configs.length} configurations are checked.`;
  return [...gates, { state: 'absent', kind: 'types', command: 'tsc --noEmit', reason }];
}

interface TypeConfig {
  readonly path: string;
  readonly text: string;
}

async function configsFor(
  place: PlanPlace,
  changed: readonly string[],
  scripts: Readonly<Record<string, string>>,
): Promise<readonly TypeConfig[]> {
  const known = new Set(place.files);
  const around = changed.flatMap(foldersAbove).map((folder) => posix.join(folder, 'tsconfig.json'));
  const packages = place.files.filter(
    (path) => posix.basename(path) === 'tsconfig.json' && known.has(posix.join(posix.dirname(path), 'package.json')),
  );
  const pending = [...scriptConfigs(scripts), ...around, 'tsconfig.json', ...packages];
  const configs: TypeConfig[] = [];
  const seen = new Set<string>();
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    if (seen.has(path) || !known.has(path) || FIXTURE.test(path)) continue;
    seen.add(path);
    const text = (await place.findText(path)) ?? '';
    pending.unshift(...referencesOf(path, text, known));
    if (!isSolution(text)) configs.push({ path, text: text + (await extendedText(place, { path, text })) });
  }
  return configs;
}

/** `src/a/b.ts` → `src/a`, `src`, `.`. */
function foldersAbove(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? ['.'] : [folder, ...foldersAbove(folder)];
}

/** What `tsc -p x` of a script names. */
function scriptConfigs(scripts: Readonly<Record<string, string>>): string[] {
  return SCRIPTS.flatMap((name) => {
    const command = lastCommand(scripts, name);
    if (command?.program !== 'tsc') return [];
    const at = command.args.findIndex((word) => word === '-p' || word === '--project');
    const named = at < 0 ? undefined : command.args[at + 1];
    if (named === undefined) return [];
    return [posix.normalize(named.endsWith('.json') ? named : posix.join(named, 'tsconfig.json'))];
  });
}

/** Comments rule out a JSON parser. */
function referencesOf(path: string, text: string, known: ReadonlySet<string>): string[] {
  const block = /"references"\s*:\s*\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  return [...block.matchAll(/"path"\s*:\s*"([^"\\]*)"/g)].map(([, target = '']) => {
    const to = posix.join(posix.dirname(path), target);
    return known.has(to) ? to : posix.join(to, 'tsconfig.json');
  });
}

/** It has no files of its own, and only names others. */
function isSolution(text: string): boolean {
  return /"files"\s*:\s*\[\s*\]/.test(text) && !/"include"\s*:/.test(text);
}

/** Of what it extends, as far as that lies in the repository: only words are looked for in it. */
async function extendedText(place: PlanPlace, { path, text }: TypeConfig, hops = 3): Promise<string> {
  const target = /"extends"\s*:\s*"(\.[^"\\]*)"/.exec(text)?.[1];
  if (target === undefined || hops === 0) return '';
  const to = posix.join(posix.dirname(path), target.endsWith('.json') ? target : `${target}.json`);
  const extended = (await place.findText(to)) ?? '';
  return `\n${extended}${await extendedText(place, { path: to, text: extended }, hops - 1)}`;
}

function gateFor(place: PlanPlace, { path, text }: TypeConfig): PlannedGate {
  const command = `tsc --noEmit -p ${path}`;
  const program = place.findBin(posix.dirname(path), 'typescript', 'tsc');
  if (program === undefined) {
    const reason = 'TypeScript is not installed in the workspace; nothing is installed to verify a change.';
    return { state: 'absent', kind: 'types', command, reason };
  }
  const remembers = /"(?:composite|incremental|tsBuildInfoFile)"/.test(text);
  const memory = remembers ? ['--incremental', 'true', '--tsBuildInfoFile', BUILD_INFO] : [];
  const plain = ['--noEmit', '--emitDeclarationOnly', 'false', '--pretty', 'false', '--listFiles'];
  return {
    state: 'ready',
    kind: 'types',
    command,
    file: process.execPath,
    args: [program.script, ...plain, ...memory, '-p', path],
    env: GATE_ENV,
    reader: 'tsc',
    checksScripts: /"checkJs"\s*:\s*true/.test(text),
    leaves: remembers ? BUILD_INFO : undefined,
  };
}
