import process from 'node:process';
import { GATE_ENV } from './planned-gate.ts';
import type { PlannedGate, PlanPlace, ReaderName } from './planned-gate.ts';

interface LintProgram {
  readonly name: 'eslint' | 'oxlint' | 'biome';
  readonly bin: { readonly name: string; readonly bin: string };
  readonly config: RegExp;
  /** Files that it understands. */
  readonly reads: RegExp;
  readonly reader: ReaderName;
  args(place: PlanPlace): readonly string[];
}

const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;

const LINTERS: readonly LintProgram[] = [
  {
    name: 'eslint',
    bin: { name: 'eslint', bin: 'eslint' },
    config: /^(?:eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.(?:[cm]?js|json|ya?ml))?)$/,
    reads: SCRIPT,
    reader: 'eslint',
    args: () => ['-f', 'json'],
  },
  {
    name: 'oxlint',
    bin: { name: 'oxlint', bin: 'oxlint' },
    config: /^(?:\.oxlintrc\.jsonc?|oxlint\.config\.[cm]?[jt]s)$/,
    reads: SCRIPT,
    reader: 'oxlint',
    args: (place) => [
      '-f',
      'json',
      ...(place.findBin('.', 'oxlint-tsgolint', 'tsgolint') === undefined ? [] : ['--type-aware']),
    ],
  },
  {
    name: 'biome',
    bin: { name: '@biomejs/biome', bin: 'biome' },
    config: /^\.?biome\.jsonc?$/,
    reads: /\.(?:[cm]?[jt]sx?|jsonc?|css|vue|svelte|astro)$/,
    reader: 'biome',
    args: () => ['lint', '--reporter=json', '--colors=off', '--max-diagnostics=none', '--no-errors-on-unmatched'],
  },
];

/** The workspace's own linters on the files that were changed, by their own configuration. */
export async function lintGates(
  place: PlanPlace,
  changed: readonly string[],
  scripts: Readonly<Record<string, string>>,
): Promise<readonly PlannedGate[]> {
  const manifest = (await place.findText('package.json')) ?? '';
  const gates = LINTERS.flatMap((linter): PlannedGate[] => {
    const isConfigured =
      place.files.some((path) => linter.config.test(path)) ||
      (linter.name === 'eslint' && /"eslintConfig"\s*:/.test(manifest));
    const files = changed.filter((path) => linter.reads.test(path));
    return isConfigured && files.length > 0 ? [gateOf(place, linter, { files, scripts })] : [];
  });
  if (gates.length > 0) return gates;
  const reason = 'No linter is configured that reads the changed files.';
  return [{ state: 'absent', kind: 'lint', command: 'lint', reason }];
}

function gateOf(
  place: PlanPlace,
  linter: LintProgram,
  { files, scripts }: { readonly files: readonly string[]; readonly scripts: Readonly<Record<string, string>> },
): PlannedGate {
  const command = `${linter.name} ${files.length === 1 ? (files[0] ?? '') : `(${files.length} changed files)`}`;
  const program = place.findBin('.', linter.bin.name, linter.bin.bin);
  if (program === undefined) {
    const reason = `${linter.name} is configured, but not installed in the workspace.`;
    return { state: 'absent', kind: 'lint', command, reason };
  }
  const isStrict = Object.values(scripts).some((text) =>
    new RegExp(`\\b${linter.name}\\b.*(?:--max-warnings[= ]0|--deny-warnings|--error-on-warnings)`).test(text),
  );
  return {
    state: 'ready',
    kind: 'lint',
    command,
    file: process.execPath,
    args: [program.script, ...linter.args(place), ...files.map((path) => `./${path}`)],
    env: GATE_ENV,
    reader: linter.reader,
    countsWarnings: isStrict,
  };
}
