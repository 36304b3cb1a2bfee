import { readManifest } from './discovery/package-map.ts';
import { offeredSources } from './discovery/package-paths.ts';

/** What the manifests of a workspace say about its files; the graph itself does not hold them. */
export interface PackageEntries {
  /** Files that packages offer to the outside, or run as commands. */
  readonly files: ReadonlySet<string>;
  /** Text of all scripts: what is named there is run. */
  readonly scripts: string;
  /** False when no manifest names a file of the workspace: then anything exported may be wanted outside. */
  readonly areKnown: boolean;
}

/** Reads the package.json of every folder above a source file, the root's first. */
export function readPackageEntries(root: string, paths: readonly string[]): PackageEntries {
  const files = new Set(paths);
  const found = new Set<string>();
  const scripts: string[] = [];
  for (const folder of foldersAbove(paths)) {
    const manifest = readManifest(`${root}/${folder}${folder === '' ? '' : '/'}package.json`);
    if (manifest === undefined) continue;
    for (const path of offeredSources({ folder, manifest }, files)) found.add(path);
    scripts.push(...Object.values(manifest.scripts ?? {}));
  }
  return { files: found, scripts: scripts.join('\n'), areKnown: found.size > 0 };
}

export function foldersAbove(paths: readonly string[]): string[] {
  const folders = new Set(['']);
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      folders.add(path.slice(0, end));
  }
  return [...folders].toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
}
