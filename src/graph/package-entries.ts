import { parseManifest } from './discovery/package-map.ts';
import { offeredSources } from './discovery/package-paths.ts';
import { loadSmallText } from './discovery/small-text.ts';

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
export async function readPackageEntries(root: string, paths: readonly string[]): Promise<PackageEntries> {
  const files = new Set(paths);
  const found = new Set<string>();
  const scripts: string[] = [];
  for (const { folder, text } of await textsOfManifests(root, paths)) {
    const manifest = parseManifest(text);
    if (manifest === undefined) continue;
    for (const path of offeredSources({ folder, manifest }, files)) found.add(path);
    scripts.push(...Object.values(manifest.scripts ?? {}));
  }
  return { files: found, scripts: scripts.join('\n'), areKnown: found.size > 0 };
}

/** Folders are read in groups: a workspace may have thousands, and few have a manifest. */
const FOLDERS_AT_ONCE = 64;

/** The package.json of every folder above some files that has one, the outermost first. */
export async function textsOfManifests(
  root: string,
  paths: readonly string[],
): Promise<readonly { readonly folder: string; readonly text: string }[]> {
  const folders = foldersAbove(paths);
  const found: { readonly folder: string; readonly text: string }[] = [];
  for (let from = 0; from < folders.length; from += FOLDERS_AT_ONCE) {
    const group = folders.slice(from, from + FOLDERS_AT_ONCE);
    const texts = await Promise.all(
      group.map((folder) => loadSmallText(`${root}/${folder}${folder === '' ? '' : '/'}package.json`)),
    );
    for (const [at, text] of texts.entries()) if (text !== undefined) found.push({ folder: group[at] ?? '', text });
  }
  return found;
}

function foldersAbove(paths: readonly string[]): string[] {
  const folders = new Set(['']);
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      folders.add(path.slice(0, end));
  }
  return [...folders].toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
}
