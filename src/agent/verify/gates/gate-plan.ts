import { posix } from 'node:path';
import { z } from 'zod';
import { lintGates } from './lint-gates.ts';
import type { PlannedGate, PlanPlace } from './planned-gate.ts';
import { buildGate, testGates } from './test-gates.ts';
import type { PackageScripts } from './test-gates.ts';
import { typeGates } from './type-gates.ts';

export interface PlanRequest {
  /** Changed files, relative to the workspace. */
  readonly changed: readonly string[];
  /** Those of them that are there at the base, and with the change: a linter can be asked about them both times. */
  readonly lintable: readonly string[];
  /** Test files that were chosen; empty: all. `undefined`: no tests at all. */
  readonly tests: readonly string[] | undefined;
  readonly build: boolean;
}

const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()).catch({}).default({}) });
const MAX_PACKAGES = 3;

/**
 * What judges a change: types, lint, tests, and if wished the build, by what the base commit says, in the order of cost.
 * Nothing is installed and nothing is run yet; what can't be run is in the plan with its reason.
 */
export async function planGates(place: PlanPlace, request: PlanRequest): Promise<readonly PlannedGate[]> {
  const { changed, lintable, tests, build } = request;
  const packages = await packagesOf(place, changed);
  const root = packages.find(({ folder }) => folder === '.') ?? { folder: '.', scripts: {} };
  return [
    ...(await typeGates(place, changed, root.scripts)),
    ...(await lintGates(place, lintable, root.scripts)),
    ...(tests === undefined ? [] : testGates(place, packages, tests)),
    ...(build ? [buildGate(place, root)] : []),
  ];
}

/** The root, and the packages in which something was changed. */
async function packagesOf(place: PlanPlace, changed: readonly string[]): Promise<readonly PackageScripts[]> {
  const known = new Set(place.files);
  const folders = new Set<string>(['.']);
  for (const path of changed) {
    let folder = posix.dirname(path);
    while (folder !== '.' && !known.has(posix.join(folder, 'package.json'))) folder = posix.dirname(folder);
    if (folders.size <= MAX_PACKAGES) folders.add(folder);
  }
  const packages: PackageScripts[] = [];
  for (const folder of folders) {
    const text = await place.findText(posix.join(folder, 'package.json'));
    if (text !== undefined) packages.push({ folder, scripts: scriptsOf(text) });
  }
  return packages;
}

function scriptsOf(text: string): Readonly<Record<string, string>> {
  try {
    return manifestSchema.parse(JSON.parse(text)).scripts;
  } catch {
    return {};
  }
}
