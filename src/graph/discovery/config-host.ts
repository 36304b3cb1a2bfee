import { realpathSync } from 'node:fs';
import type { ts } from 'ts-morph';
import { typescriptSix } from './typescript-six.ts';
import { readSmallText } from './small-text.ts';
import type { FolderEntries, SourceListing } from './source-walk.ts';

/**
 * What the compiler may see while it reads configurations: the files that were listed, so that `include` costs no
 * further walk and never leads out of the workspace, and JSON files in places that configurations are shared from.
 */
export function createConfigHost(listing: SourceListing): ts.ParseConfigHost {
  const typescript = typescriptSix();
  return {
    useCaseSensitiveFileNames: typescript.sys.useCaseSensitiveFileNames,
    fileExists: (path) => readConfigText(listing.root, path) !== undefined,
    readFile: (path) => readConfigText(listing.root, path),
    readDirectory: (...args) => readDirectory(listing, args),
  };
}

/**
 * `extends` may name a file of the workspace, of an installed package, or of a folder around the workspace. A link to
 * anywhere else is not followed.
 */
export function readConfigText(root: string, path: string): string | undefined {
  if (!path.endsWith('.json') || !isReachable(root, path)) return undefined;
  if (path.includes('/node_modules/')) return readSmallText(path);
  try {
    return isReachable(root, realpathSync(path).replaceAll('\\', '/')) ? readSmallText(path) : undefined;
  } catch {
    return undefined;
  }
}

function isReachable(root: string, path: string): boolean {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return path.startsWith(`${root}/`) || path.includes('/node_modules/') || `${root}/`.startsWith(`${folder}/`);
}

/**
 * The compiler's own matching of `include` and `exclude`, over the listing in place of the disk. It is exported but
 * not declared; without it the compiler walks the disk itself, which only takes longer.
 */
function readDirectory(
  listing: SourceListing,
  args: Parameters<ts.ParseConfigHost['readDirectory']>,
): readonly string[] {
  const typescript = typescriptSix();
  const matchFiles: unknown = 'matchFiles' in typescript ? typescript.matchFiles : undefined;
  const [root, extensions, excludes, includes, depth] = args;
  if (typeof matchFiles !== 'function')
    return typescript.sys.readDirectory(root, extensions, excludes, includes, depth);
  const entriesAt = (path: string): FolderEntries =>
    listing.folders.get(path.replace(/(?<=.)\/+$/, '')) ?? { files: [], directories: [] };
  const isSame = (path: string): string => path;
  const found: unknown = Reflect.apply(matchFiles, undefined, [
    root,
    extensions,
    excludes,
    includes,
    typescript.sys.useCaseSensitiveFileNames,
    listing.root,
    depth,
    entriesAt,
    isSame,
  ]);
  return Array.isArray(found) ? found.filter((path) => typeof path === 'string') : [];
}
