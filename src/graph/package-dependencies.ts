import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { loadSmallText } from './discovery/small-text.ts';
import { textsOfManifests } from './package-entries.ts';

export const DEPENDENCY_FIELDS = [
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
  'devDependencies',
] as const;
export type DependencyField = (typeof DEPENDENCY_FIELDS)[number];

export interface DeclaredDependency {
  readonly field: DependencyField;
  /** 1-based, in its package.json. */
  readonly line: number;
  /** Commands that it installs; undefined when it is not installed. */
  readonly commands: readonly string[] | undefined;
  /** What it works with. */
  readonly peers: readonly string[];
}

/** A package of the workspace with all that can name a dependency beside its sources. */
export interface WorkspaceManifest {
  /** Relative to the root; empty for the root itself. */
  readonly folder: string;
  readonly name: string | undefined;
  readonly isPrivate: boolean;
  readonly dependencies: ReadonlyMap<string, DeclaredDependency>;
  readonly scripts: string;
  /** Text of the configuration files in its folder, and of package.json itself without scripts and dependencies. */
  readonly configuration: string;
}

const record = z.record(z.string(), z.string()).catch({});
const manifestSchema = z.looseObject({
  name: z.string().optional().catch(undefined),
  private: z.boolean().optional().catch(undefined),
  scripts: record.optional(),
  dependencies: record.optional(),
  devDependencies: record.optional(),
  peerDependencies: record.optional(),
  optionalDependencies: record.optional(),
  bin: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .catch(undefined),
});
type Manifest = z.output<typeof manifestSchema>;

const CONFIGURATION = /^\.[\w-]+$|\.(?:json5?|jsonc|ya?ml|toml)$|(?:config|conf|setup|rc)(?:\.[\w-]+)*\.[cm]?[jt]s$/;
const NO_CONFIGURATION = /^(?:package(?:-lock)?|npm-shrinkwrap|composer)\.json$|^(?:pnpm-lock|yarn-lock)\.yaml$/;
/** Commands are run there as well, some by programs. */
const COMMAND_FOLDERS = ['.github/workflows', '.husky', '.circleci', 'scripts', 'build'] as const;

/** The packages of a workspace, the outermost first; a package.json without name and dependencies makes none. */
export async function readManifests(root: string, paths: readonly string[]): Promise<WorkspaceManifest[]> {
  const manifests: WorkspaceManifest[] = [];
  for (const { folder, text } of await textsOfManifests(root, paths)) {
    const manifest = parseManifest(text);
    const isPackage =
      manifest !== undefined && (manifest.name !== undefined || DEPENDENCY_FIELDS.some((field) => field in manifest));
    const path = folder === '' ? root : `${root}/${folder}`;
    if (isPackage) manifests.push(await manifestOf({ root, folder, path }, manifest, text));
  }
  return manifests;
}

function parseManifest(text: string): Manifest | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

interface Place {
  readonly root: string;
  readonly folder: string;
  readonly path: string;
}

async function manifestOf(place: Place, manifest: Manifest, text: string): Promise<WorkspaceManifest> {
  const { name, private: isPrivate = false, scripts = {}, ...rest } = manifest;
  const dependencies = new Map<string, DeclaredDependency>();
  for (const field of DEPENDENCY_FIELDS) {
    for (const dependency of Object.keys(manifest[field] ?? {})) {
      if (dependencies.has(dependency)) continue;
      const line = lineOf(text, field, dependency);
      dependencies.set(dependency, { field, line, ...(await installedFacts(place, dependency)) });
    }
  }
  const others = Object.entries(rest).filter(([key]) => !DEPENDENCY_FIELDS.some((field) => field === key));
  const commands = COMMAND_FOLDERS.map((folder) => textsIn(`${place.path}/${folder}`, () => true));
  return {
    folder: place.folder,
    name,
    isPrivate,
    dependencies,
    scripts: [...Object.values(scripts), ...(await Promise.all(commands)).flat()].join('\n'),
    configuration: [JSON.stringify(Object.fromEntries(others)), ...(await textsIn(place.path, isConfiguration))].join(
      '\n',
    ),
  };
}

type InstalledFacts = Pick<DeclaredDependency, 'commands' | 'peers'>;

async function installedFacts({ root, path }: Place, name: string): Promise<InstalledFacts> {
  const text =
    (await loadSmallText(`${path}/node_modules/${name}/package.json`)) ??
    (await loadSmallText(`${root}/node_modules/${name}/package.json`));
  const manifest = text === undefined ? undefined : parseManifest(text);
  if (manifest === undefined) return { commands: undefined, peers: [] };
  const { bin = {}, peerDependencies = {} } = manifest;
  const commands = typeof bin === 'string' ? [name.slice(name.lastIndexOf('/') + 1)] : Object.keys(bin);
  return { commands, peers: Object.keys(peerDependencies) };
}

/** The first mention of the name behind that of the field. */
function lineOf(text: string, field: string, name: string): number {
  const at = text.indexOf(`"${name}"`, Math.max(0, text.indexOf(`"${field}"`)));
  return text.slice(0, Math.max(0, at)).split('\n').length;
}

function isConfiguration(name: string): boolean {
  return CONFIGURATION.test(name) && !NO_CONFIGURATION.test(name);
}

async function textsIn(folder: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    names.filter((name) => isWanted(name)).map((name) => loadSmallText(`${folder}/${name}`)),
  );
  return texts.filter((text) => text !== undefined);
}
