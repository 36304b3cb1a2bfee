import { existsSync, realpathSync } from 'node:fs';
import { z } from 'zod';
import { matchesGlob } from './glob-match.ts';
import { readSmallText } from './small-text.ts';

/** A package whose sources lie in the workspace. */
export interface WorkspacePackage {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly manifest: PackageManifest;
}

const manifestSchema = z.object({
  name: z
    .string()
    .max(214)
    .regex(/^(?:@[^/\s*]+\/)?[^/\s*]+$/)
    .optional()
    .catch(undefined),
  version: z.string().max(100).optional().catch(undefined),
  exports: z.unknown().optional(),
  source: z.string().optional().catch(undefined),
  types: z.string().optional().catch(undefined),
  typings: z.string().optional().catch(undefined),
  module: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  browser: z.unknown().optional(),
  bin: z.unknown().optional(),
  scripts: z.record(z.string(), z.string()).optional().catch(undefined),
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) }).transform(({ packages }) => packages)])
    .optional()
    .catch(undefined),
});
export type PackageManifest = z.output<typeof manifestSchema>;

export interface PackageMap {
  readonly packages: readonly WorkspacePackage[];
  readonly warnings: readonly string[];
}

/**
 * The packages that imports by name may mean. Where the root declares its members, only those count: a fixture that
 * calls itself `react` must not catch the imports of the real one. A package that is installed for real never counts.
 */
export function findPackages(root: string, manifests: readonly string[]): PackageMap {
  const warnings: string[] = [];
  const found = new Map<string, WorkspacePackage>();
  const declared = declaredMembers(root);
  for (const path of manifests.toSorted((one, two) => one.length - two.length || (one < two ? -1 : 1))) {
    const manifest = readManifest(path);
    if (manifest === undefined) warnings.push(`${path.slice(root.length + 1)} is not a valid package.json.`);
    if (manifest?.name === undefined || found.has(manifest.name)) continue;
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (!isMember(folder.slice(root.length + 1), declared) || isInstalled(root, manifest.name)) continue;
    found.set(manifest.name, { name: manifest.name, folder, manifest });
  }
  return { packages: [...found.values()], warnings };
}

/** Undefined for one that is missing or broken. */
export function readManifest(path: string): PackageManifest | undefined {
  return parseManifest(readSmallText(path));
}

/** The same of a text that was read already. */
export function parseManifest(text: string | undefined): PackageManifest | undefined {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(text ?? ''));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Globs of member folders from the manifest, pnpm or lerna; undefined where nothing declares members. */
function declaredMembers(root: string): readonly string[] | undefined {
  const own = readManifest(`${root}/package.json`)?.workspaces;
  if (own !== undefined) return own;
  const pnpm = readSmallText(`${root}/pnpm-workspace.yaml`);
  if (pnpm !== undefined) return readYamlList(pnpm, 'packages');
  const lerna = readSmallText(`${root}/lerna.json`);
  if (lerna === undefined) return undefined;
  try {
    const parsed = z.object({ packages: z.array(z.string()) }).safeParse(JSON.parse(lerna));
    return parsed.success ? parsed.data.packages : ['packages/*'];
  } catch {
    return undefined;
  }
}

/** The items of one top-level list; enough of YAML for the one file that is read. */
function readYamlList(text: string, name: string): string[] | undefined {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => line.replace(/\s*#.*$/, '').trimEnd() === `${name}:`);
  if (start < 0) return undefined;
  const items: string[] = [];
  for (const line of lines.slice(start + 1)) {
    const item = /^\s*-\s+(?:'([^']*)'|"([^"]*)"|([^#]*?))\s*(?:#.*)?$/.exec(line);
    if (item !== null) items.push(item[1] ?? item[2] ?? item[3] ?? '');
    else if (/^\S/.test(line) && !line.startsWith('#')) break;
  }
  return items;
}

/** The root itself is always one. */
function isMember(folder: string, declared: readonly string[] | undefined): boolean {
  if (folder === '' || declared === undefined) return true;
  let isIn = false;
  for (const glob of declared) {
    const positive = glob
      .replace(/^!/, '')
      .replace(/^\.?\//, '')
      .replace(/\/$/, '');
    if (matchesGlob(positive, folder)) isIn = !glob.startsWith('!');
  }
  return isIn;
}

/** Package managers link members into node_modules; what does not lead back into the workspace is another package. */
function isInstalled(root: string, name: string): boolean {
  const path = `${root}/node_modules/${name}`;
  return existsSync(path) && realpathSync(path).replaceAll('\\', '/').includes('/node_modules/');
}
