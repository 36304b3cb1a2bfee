import type { DeclaredDependency, WorkspaceManifest } from '../package-dependencies.ts';
import { isSidePath } from '../metrics/side-path.ts';
import { isBelow } from './dependency-use.ts';
import type { ManifestUses, PackageUse } from './dependency-use.ts';
import { mentions, runsCommand } from './dependency-mentions.ts';
import { typedBy, typesOf } from './package-names.ts';

export interface DependencyFinding {
  readonly name: string;
  /** Of the package.json, or of the file that uses what is not declared. */
  readonly path: string;
  readonly line: number;
  readonly isCertain: boolean;
  readonly reason: string;
}

/** Added to programs by compilers, and so named nowhere. */
const INJECTED = /^(?:tslib|core-js|regenerator-runtime|@babel\/runtime(?:-corejs\d)?|@swc\/helpers)$/;

/** Dependencies that are used and not declared, then those that are declared and not used; certain ones first. */
export function findDependencyProblems(
  all: readonly ManifestUses[],
  isAmbient: (name: string) => boolean,
): DependencyFinding[] {
  // Packages of fixtures, examples and benches are as their authors wanted them to be.
  const packages = all.filter(({ manifest }) => !isSidePath(`${manifest.folder}/package.json`));
  const found = [
    ...packages.flatMap((own) =>
      [...own.uses.values()]
        .filter(({ name }) => own.manifest.dependencies.has(name) || !isAmbient(name))
        .flatMap((use) => undeclared(own, use, all)),
    ),
    ...packages.flatMap((own) =>
      [...own.manifest.dependencies].flatMap(([name, declared]) => unused(own.manifest, { name, ...declared }, all)),
    ),
  ];
  return found.toSorted((one, two) => Number(two.isCertain) - Number(one.isCertain));
}

function undeclared(own: ManifestUses, use: PackageUse, all: readonly ManifestUses[]): DependencyFinding[] {
  const { manifest } = own;
  const { name, path, line } = use;
  const declared = manifest.dependencies.get(name);
  if (name === manifest.name) return [];
  const place = { name, path, line };
  if (declared !== undefined) return isMisplaced(manifest, declared, use) ? [{ ...place, ...MISPLACED }] : [];
  if (use.isTypeOnly && manifest.dependencies.has(typesOf(name))) return [];
  const files = use.fileCount === 1 ? '' : `, in ${use.fileCount} files`;
  const outer = all.findLast(
    (each) => each !== own && isBelow(manifest.folder, each.manifest.folder) && each.manifest.dependencies.has(name),
  );
  const isMember = all.some((each) => each.manifest.name === name);
  // What only tests and tools of a member need is declared once, at the root, by custom.
  if ((outer !== undefined || isMember) && (use.isAside || use.isTypeOnly)) return [];
  const where = `used${files}, but not declared in ${pathOf(manifest)}`;
  if (outer !== undefined)
    return [{ ...place, isCertain: false, reason: `${where}, only in ${pathOf(outer.manifest)}` }];
  if (isMember) return [{ ...place, isCertain: false, reason: `${where}; a package of this workspace` }];
  const types = use.isTypeOnly ? ' (types only)' : '';
  return [{ ...place, isCertain: !use.isTypeOnly, reason: `${where}${types}` }];
}

const MISPLACED = {
  isCertain: false,
  reason: 'used at run time, but only among the devDependencies; right if it is bundled',
} as const;

function isMisplaced({ isPrivate, name }: WorkspaceManifest, { field }: DeclaredDependency, use: PackageUse): boolean {
  return field === 'devDependencies' && !isPrivate && name !== undefined && !use.isAside && !use.isTypeOnly;
}

type Declared = DeclaredDependency & { readonly name: string };

function unused(manifest: WorkspaceManifest, declared: Declared, all: readonly ManifestUses[]): DependencyFinding[] {
  const { name, field, line, commands } = declared;
  // Peers are a contract with whoever installs the package.
  if (field === 'peerDependencies') return [];
  const inside = all.filter((each) => isBelow(each.manifest.folder, manifest.folder));
  if (isUsed(manifest, declared, inside)) return [];
  const doubt = doubtOf(manifest, declared);
  const unknown =
    commands === undefined && field !== 'optionalDependencies' ? ['not installed, so its commands are unknown'] : [];
  const reason = [`in ${field}, but no source, script or configuration names it`, ...doubt, ...unknown].join('; ');
  return [{ name, path: pathOf(manifest), line, isCertain: doubt.length + unknown.length === 0, reason }];
}

function isUsed(manifest: WorkspaceManifest, { name, commands }: Declared, inside: readonly ManifestUses[]): boolean {
  const isImported = (wanted: string): boolean => inside.some(({ uses }) => uses.has(wanted));
  if (isImported(name)) return true;
  const typed = typedBy(name);
  if (typed !== undefined && (typed === 'node' || isImported(typed))) return true;
  if (name === 'typescript' && inside.some(({ fileCount }) => fileCount > 0)) return true;
  if (/^(?:react|preact)$/.test(name) && inside.some(({ hasJsx }) => hasJsx)) return true;
  if (name === 'tslib' && inside.some((each) => each.manifest.configuration.includes('"importHelpers"'))) return true;
  const words = commands ?? guessedCommands(name);
  const above = [...inside.map((each) => each.manifest), manifest];
  return above.some(
    ({ scripts, configuration }) => runsCommand(scripts, [...words, name]) || mentions(configuration, name),
  );
}

/** `tool` of `tool`, `@scope/tool` and `@tool/core`. */
function guessedCommands(name: string): string[] {
  return name.replace(/^@/, '').split('/');
}

function doubtOf(manifest: WorkspaceManifest, { name, field, peers }: Declared): string[] {
  const host = peers.find((peer) => manifest.dependencies.has(peer));
  const typed = typedBy(name);
  return [
    ...(field === 'optionalDependencies' ? ['optional, so it may be loaded by a name made at run time'] : []),
    ...(typed === undefined ? [] : ['its types may be global']),
    ...(INJECTED.test(name) ? ['a compiler may add it'] : []),
    ...(host === undefined ? [] : [`it works with ${host}, which may load it by itself`]),
  ];
}

function pathOf({ folder }: WorkspaceManifest): string {
  return folder === '' ? 'package.json' : `${folder}/package.json`;
}
