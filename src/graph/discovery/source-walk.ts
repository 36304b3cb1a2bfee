import { readdirSync, realpathSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { isIgnored, readIgnoreFile, readIgnoreFilesAround } from './ignore-rules.ts';
import type { IgnoreFile } from './ignore-rules.ts';
import { readFailure } from './read-failure.ts';

export const SOURCE_EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'] as const;

/** Installed packages are not the workspace's own code, whatever the ignore files say. */
const PACKAGE_FOLDERS: ReadonlySet<string> = new Set(['node_modules', 'bower_components', 'jspm_packages']);

/** Build output by custom, for folders without any ignore file that would say so. */
const OUTPUT_FOLDERS: ReadonlySet<string> = new Set(['dist', 'build', 'out', 'coverage']);

const CONFIG_NAMES: ReadonlySet<string> = new Set(['tsconfig.json', 'jsconfig.json']);

/** A place to stop at; larger trees are several workspaces. */
export const MAX_FILES = 200_000;

export interface ListedFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** Why it must not be read; undefined for a file of the workspace. */
  readonly refusal: string | undefined;
}

export interface FolderEntries {
  readonly files: string[];
  readonly directories: string[];
}

/** What lies under a root, names only. Absolute paths have forward slashes. */
export interface SourceListing {
  readonly root: string;
  readonly files: ListedFile[];
  /** Absolute paths of tsconfig.json and jsconfig.json. */
  readonly configs: string[];
  /** Absolute paths of package.json. */
  readonly manifests: string[];
  /** Source files and folders by absolute folder. */
  readonly folders: Map<string, FolderEntries>;
  readonly warnings: string[];
}

interface PendingFolder {
  readonly path: string;
  readonly ignoreFiles: readonly IgnoreFile[];
}

export interface WalkOptions {
  readonly root: string;
  readonly maxFiles: number;
  readonly pace: () => Promise<void>;
}

/** Lists source files, in no order. Folders that are symbolic links are never entered, so that loops end. */
export async function walkSources({ root, maxFiles, pace }: WalkOptions): Promise<SourceListing> {
  const listing: SourceListing = { root, files: [], configs: [], manifests: [], folders: new Map(), warnings: [] };
  const around = readIgnoreFilesAround(root);
  const pending: PendingFolder[] = [{ path: root, ignoreFiles: around ?? [] }];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    await pace();
    const ignoreFiles = [...folder.ignoreFiles, ...readIgnoreFile(folder.path)];
    const skipsOutput = around === undefined;
    for (const entry of entriesOf(folder.path, listing)) {
      if (listing.files.length >= maxFiles) {
        listing.warnings.push(`Only the first ${maxFiles} source files are listed; the workspace has more.`);
        return listing;
      }
      const path = `${folder.path}/${entry.name}`;
      if (isIgnored(ignoreFiles, path, entry.isDirectory())) continue;
      if (!entry.isDirectory()) addFile(listing, folder.path, entry);
      else if (canEnter(entry.name, skipsOutput)) {
        listing.folders.get(folder.path)?.directories.push(entry.name);
        pending.push({ path, ignoreFiles });
      }
    }
  }
  return listing;
}

function entriesOf(folder: string, listing: SourceListing): Dirent[] {
  listing.folders.set(folder, { files: [], directories: [] });
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    listing.warnings.push(`The folder ${folder} ${readFailure(error)}.`);
    return [];
  }
}

export function canEnter(name: string, skipsOutput: boolean): boolean {
  if (name.startsWith('.') || PACKAGE_FOLDERS.has(name)) return false;
  return !skipsOutput || !OUTPUT_FOLDERS.has(name);
}

function addFile(listing: SourceListing, folder: string, entry: Dirent): void {
  const absolute = `${folder}/${entry.name}`;
  const isSource = SOURCE_EXTENSIONS.some((extension) => entry.name.endsWith(extension));
  const isConfig = CONFIG_NAMES.has(entry.name);
  if (!isSource && !isConfig && entry.name !== 'package.json') return;
  if (!entry.isFile() && !entry.isSymbolicLink()) {
    if (isSource) add(listing, absolute, 'not a regular file');
    return;
  }
  const refusal = entry.isSymbolicLink() ? linkRefusal(listing.root, absolute) : undefined;
  if (isSource) {
    // A link to a folder that happens to be called like a source file is no file at all.
    if (refusal !== 'folder') add(listing, absolute, refusal);
  } else if (refusal === undefined) {
    (isConfig ? listing.configs : listing.manifests).push(absolute);
  }
}

function add(listing: SourceListing, absolute: string, refusal: string | undefined): void {
  listing.files.push({ path: absolute.slice(listing.root.length + 1), refusal });
  const cut = absolute.lastIndexOf('/');
  if (refusal === undefined) listing.folders.get(absolute.slice(0, cut))?.files.push(absolute.slice(cut + 1));
}

/** A link is followed only to a file inside the root that is not listed under its own name. */
function linkRefusal(root: string, path: string): string | undefined {
  try {
    const target = realpathSync(path).replaceAll('\\', '/');
    const stats = statSync(target);
    if (stats.isDirectory()) return 'folder';
    if (!target.startsWith(`${root}/`)) return 'symbolic link to a place outside the workspace';
    if (!stats.isFile()) return 'not a regular file';
    const isListed = SOURCE_EXTENSIONS.some((extension) => target.endsWith(extension));
    return isListed ? `symbolic link to ${target.slice(root.length + 1)}` : undefined;
  } catch (error) {
    return readFailure(error);
  }
}
