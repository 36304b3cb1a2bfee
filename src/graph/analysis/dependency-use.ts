import type { ModuleUses } from '../metrics/module-uses.ts';
import { isSidePath } from '../metrics/side-path.ts';
import type { WorkspaceManifest } from '../package-dependencies.ts';
import { packageOf } from './package-names.ts';

/** A package that files of one manifest name. */
export interface PackageUse {
  readonly name: string;
  /** Where it is named first, by a use of the program if there is one. */
  readonly path: string;
  readonly line: number;
  readonly fileCount: number;
  /** Never more than types. */
  readonly isTypeOnly: boolean;
  /** In tests, benches, configurations and the like only. */
  readonly isAside: boolean;
}

/** What the sources below a manifest, and below no other, use. */
export interface ManifestUses {
  readonly manifest: WorkspaceManifest;
  readonly uses: ReadonlyMap<string, PackageUse>;
  readonly hasJsx: boolean;
  readonly fileCount: number;
}

export interface SourceModules {
  readonly path: string;
  readonly modules: ModuleUses;
  /** Lines on which it imports a file of the workspace: by an alias, if the name is no package of it. */
  readonly linkedLines: ReadonlySet<number>;
}

/** Also what builds and runs the project beside it. */
const CONFIGURATION =
  /(?:^|\/)(?:\.[\w-]+|[\w.-]+\.(?:config|conf|setup|workspace)|[gG](?:ulp|runt)file)\.[cm]?[jt]s$|(?:^|\/)(?:scripts?|build|tasks)\//;
/** Input of tests: it names what it likes. */
const FIXTURE = /(?:^|\/)(?:_{0,2}(?:test)?fixtures?_{0,2}|testdata)\//;

/** Uses by the nearest manifest above each file. Packages of the workspace are named as any other. */
export function usesByManifest(
  manifests: readonly WorkspaceManifest[],
  sources: readonly SourceModules[],
): ManifestUses[] {
  const members = new Set(manifests.flatMap(({ name }) => name ?? []));
  const byManifest = new Map<
    WorkspaceManifest,
    { uses: Map<string, PackageUse>; hasJsx: boolean; fileCount: number }
  >();
  for (const manifest of manifests) byManifest.set(manifest, { uses: new Map(), hasJsx: false, fileCount: 0 });
  for (const source of sources) {
    const own = byManifest.get(nearest(manifests, source.path));
    if (own === undefined) continue;
    own.fileCount += 1;
    own.hasJsx ||= source.modules.hasJsx;
    for (const use of usesOf(source, members)) addUse(own.uses, use);
  }
  return manifests.flatMap((manifest) => {
    const own = byManifest.get(manifest);
    return own === undefined ? [] : [{ manifest, ...own }];
  });
}

/** Manifests come the outermost first. */
function nearest(manifests: readonly WorkspaceManifest[], path: string): WorkspaceManifest {
  const found = manifests.findLast(({ folder }) => isBelow(path, folder));
  return found ?? NO_MANIFEST;
}

const NO_MANIFEST: WorkspaceManifest = {
  folder: '',
  name: undefined,
  isPrivate: true,
  dependencies: new Map(),
  scripts: '',
  configuration: '',
};

export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

function usesOf({ path, modules, linkedLines }: SourceModules, members: ReadonlySet<string>): PackageUse[] {
  if (FIXTURE.test(path)) return [];
  const isAside = isSidePath(path) || CONFIGURATION.test(path);
  return modules.uses.flatMap(({ specifier, line, isTypeOnly }) => {
    const name = packageOf(specifier);
    if (name === undefined) return [];
    if (linkedLines.has(line) && !members.has(name)) return [];
    return [{ name, path, line, fileCount: 1, isTypeOnly, isAside }];
  });
}

function addUse(uses: Map<string, PackageUse>, use: PackageUse): void {
  const known = uses.get(use.name);
  if (known === undefined) {
    uses.set(use.name, use);
    return;
  }
  // A use of the program says more than one of a test, one at run time more than one of types.
  const weight = ({ isAside, isTypeOnly }: PackageUse): number => 2 * Number(isAside) + Number(isTypeOnly);
  const first = weight(use) < weight(known) ? use : known;
  const fileCount = known.fileCount + (use.path === known.path ? 0 : 1);
  uses.set(use.name, {
    ...first,
    fileCount,
    isTypeOnly: known.isTypeOnly && use.isTypeOnly,
    isAside: known.isAside && use.isAside,
  });
}
