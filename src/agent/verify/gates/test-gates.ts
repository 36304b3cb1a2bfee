import { delimiter, posix } from 'node:path';
import process from 'node:process';
import { GATE_ENV } from './planned-gate.ts';
import type { GateKind, PlannedGate, PlanPlace } from './planned-gate.ts';
import { lastCommand, quoted } from './script-words.ts';
import type { ScriptCommand } from './script-words.ts';
import { findRunner } from './test-runners.ts';

/** Scripts of one package.json, and the folder that it lies in. */
export interface PackageScripts {
  /** Relative to the workspace, `.` for its root. */
  readonly folder: string;
  readonly scripts: Readonly<Record<string, string>>;
}

const NAMES = ['test', 'test:unit', 'unit'];
/** What `npm init` writes. */
const PLACEHOLDER = /no test specified/i;

/**
 * Tests by the scripts of the base commit. A known runner is asked for a report that can be read, and for the chosen files
 * (relative to the workspace; empty: all); anything else is run by a shell as it is written.
 */
export function testGates(
  place: PlanPlace,
  packages: readonly PackageScripts[],
  selected: readonly string[],
): readonly PlannedGate[] {
  const planned = packages.flatMap(({ folder, scripts }) => {
    const name = NAMES.find((candidate) => scripts[candidate] !== undefined);
    const script = name === undefined ? undefined : scripts[name];
    if (name === undefined || script === undefined || PLACEHOLDER.test(script)) return [];
    return [{ folder, script, command: lastCommand(scripts, name) }];
  });
  const isKnown = ({ command }: (typeof planned)[number]): boolean =>
    command !== undefined && findRunner(command.program, command.args) !== undefined;
  const root = planned.find((one) => one.folder === '.');
  const inner = planned.filter((one) => one.folder !== '.');
  // A runner at the root knows all packages; a shell script there often only calls theirs.
  const chosen = root !== undefined && (isKnown(root) || !inner.some(isKnown)) ? [root] : inner;
  if (chosen.length === 0) {
    return [{ state: 'absent', kind: 'tests', command: 'npm test', reason: 'package.json has no script of tests.' }];
  }
  return chosen.map((one) => {
    const within = selected.flatMap((path) => relativeTo(one.folder, path));
    return isKnown(one) && one.command !== undefined
      ? runnerGate(place, { ...one, command: one.command }, within)
      : shellGate(place, { kind: 'tests', folder: one.folder, script: one.script });
  });
}

/** The script `build`, as a shell runs it. */
export function buildGate(place: PlanPlace, { folder, scripts }: PackageScripts): PlannedGate {
  const script = scripts['build'];
  if (script !== undefined) return shellGate(place, { kind: 'build', folder, script });
  return { state: 'absent', kind: 'build', command: 'npm run build', reason: 'package.json has no script `build`.' };
}

function relativeTo(folder: string, path: string): string[] {
  if (folder === '.') return [path];
  return path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [];
}

interface KnownScript {
  readonly folder: string;
  readonly command: ScriptCommand;
}

function runnerGate(place: PlanPlace, { folder, command }: KnownScript, selected: readonly string[]): PlannedGate {
  const runner = findRunner(command.program, command.args);
  if (runner === undefined) return shellGate(place, { kind: 'tests', folder, script: command.program });
  const shown = [command.program, ...command.args].map(quoted).join(' ');
  const program = runner.bin === undefined ? undefined : place.findBin(folder, runner.bin.name, runner.bin.bin);
  if (runner.bin !== undefined && program === undefined) {
    const reason = `${runner.name} is not installed in the workspace; nothing is installed to verify a change.`;
    return { state: 'absent', kind: 'tests', command: shown, reason };
  }
  const args = runner.argsFor({ args: command.args, selected, version: program?.version ?? '' });
  const words = [process.execPath, ...(program === undefined ? [] : [program.script]), ...args];
  const isDirect = command.prefix === '' && (!command.hasGlob || selected.length > 0);
  const text = [command.prefix, shellText(words, command)].filter((part) => part !== '').join(' && ');
  return {
    state: 'ready',
    kind: 'tests',
    command: [command.prefix, [command.program, ...args].map(quoted).join(' ')]
      .filter((part) => part !== '')
      .join(' && '),
    file: isDirect ? process.execPath : 'sh',
    args: isDirect ? words.slice(1) : ['-c', text],
    cwd: folder === '.' ? undefined : folder,
    env: { ...GATE_ENV, ...command.env, ...(isDirect ? {} : pathOf(place, folder)) },
    reader: runner.reader,
  };
}

/** Words that a shell puts names of files in the place of stay bare. */
function shellText(words: readonly string[], { hasGlob, args }: ScriptCommand): string {
  return words
    .map((word) => (hasGlob && args.includes(word) && /^[\w./*?[\]{},@-]+$/.test(word) ? word : quoted(word)))
    .join(' ');
}

function shellGate(
  place: PlanPlace,
  { kind, folder, script }: { readonly kind: GateKind; readonly folder: string; readonly script: string },
): PlannedGate {
  return {
    state: 'ready',
    kind,
    command: script,
    file: 'sh',
    args: ['-c', script],
    cwd: folder === '.' ? undefined : folder,
    env: { ...GATE_ENV, ...pathOf(place, folder) },
    reader: 'exit_code',
  };
}

/** Installed programs first, as npm does it, then Node and what systems have. */
function pathOf(place: PlanPlace, folder: string): { readonly PATH: string } {
  const system = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return { PATH: [...place.binFolders(folder), posix.dirname(process.execPath), ...system].join(delimiter) };
}
