import { realpathSync, statSync } from 'node:fs';
import { AppError, systemCodeOf } from '../../core/errors.ts';
import type { GraphFile } from '../graph-schema.ts';
import type { WorkspaceModel } from '../type-source.ts';
import { readCompilerConfigs } from './compiler-configs.ts';
import type { CompilerConfig } from './compiler-configs.ts';
import { inspectFile } from './inspect-file.ts';
import { createPace } from './pace.ts';
import { findPackages } from './package-map.ts';
import { packagePaths } from './package-paths.ts';
import { planProjects } from './project-plan.ts';
import { readFailure } from './read-failure.ts';
import { MAX_FILES, SOURCE_EXTENSIONS, walkSources } from './source-walk.ts';
import type { ListedFile, SourceListing } from './source-walk.ts';

export interface DiscoverOptions {
  readonly root: string;
  readonly maxFileBytes: number;
  readonly signal: AbortSignal;
  /** Source files after which the walk stops, with a warning. */
  readonly maxFiles?: number;
  /** Files of before: those of the same size and time are not read again. */
  readonly known?: ReadonlyMap<string, GraphFile>;
}

/**
 * Finds the source files under a folder and how they are to be compiled. Reads files synchronously and is meant for a
 * worker thread. What can't be read or understood is a skipped file or a warning; it never harms the rest.
 * Throws `not_found` and `invalid_input` for the root, and `cancelled`.
 */
export async function discoverWorkspace(options: DiscoverOptions): Promise<WorkspaceModel> {
  const root = resolveRoot(options.root);
  const pace = createPace(options.signal);
  const listing = await walkSources({ root, maxFiles: options.maxFiles ?? MAX_FILES, pace });
  const configs = await readCompilerConfigs(listing, pace);
  const listed = withoutOutput(listing, [...configs.usable.values()]);
  const files: GraphFile[] = [];
  for (const file of listed) {
    await pace();
    files.push(inspectFile(root, file, { maxFileBytes: options.maxFileBytes, known: options.known?.get(file.path) }));
  }
  const typed = files.filter(({ state }) => state === 'typed').map(({ path }) => `${root}/${path}`);
  const members = findPackages(root, listing.manifests);
  const paths = packagePaths({
    packages: members.packages,
    files: new Set(typed),
    folders: foldersOf(typed),
    configs: [...configs.usable.values()],
  });
  const projects = planProjects({ root, files: typed, configs, packagePaths: paths });
  const warnings = [...listing.warnings, ...configs.warnings, ...members.warnings];
  if (files.length === 0) warnings.push(emptyWarning(root));
  return { root, projects, files, warnings };
}

function resolveRoot(given: string): string {
  try {
    const root = realpathSync(given);
    if (statSync(root).isDirectory()) return root.replaceAll('\\', '/');
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT') throw new AppError('not_found', `The workspace ${given} does not exist.`, { cause: error });
    const kind = code === 'EACCES' || code === 'EPERM' ? 'permission_denied' : 'invalid_input';
    throw new AppError(kind, `The workspace ${given} ${readFailure(error)}.`, { cause: error });
  }
  throw new AppError('invalid_input', `The workspace ${given} is not a folder.`, {
    hint: 'Name the folder that holds the code.',
  });
}

/**
 * Drops build output that no ignore file covers. A folder that is named as output but holds TypeScript is used for
 * sources too, and one around its own tsconfig would take everything with it; neither is dropped.
 */
function withoutOutput(listing: SourceListing, configs: readonly CompilerConfig[]): ListedFile[] {
  const sorted = listing.files.toSorted((one, two) => (one.path < two.path ? -1 : 1));
  const named = configs.flatMap(({ folder, outputFolders }) =>
    outputFolders.filter((output) => !`${folder}/`.startsWith(`${output}/`)),
  );
  const outputs = [...new Set(named)].filter((output) => output.startsWith(`${listing.root}/`));
  const isInside = (file: ListedFile, output: string): boolean =>
    `${listing.root}/${file.path}`.startsWith(`${output}/`);
  const isSource = ({ path }: ListedFile): boolean => /(?<!\.d)\.[cm]?tsx?$/.test(path);
  const dropped = outputs.filter((output) => !sorted.some((file) => isSource(file) && isInside(file, output)));
  return sorted.filter((file) => !dropped.some((output) => isInside(file, output)));
}

function foldersOf(files: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const file of files) {
    for (let cut = file.lastIndexOf('/'); cut > 0; cut = file.lastIndexOf('/', cut - 1)) {
      const folder = file.slice(0, cut);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

function emptyWarning(root: string): string {
  const names = SOURCE_EXTENSIONS.join(', ');
  return `No source files under ${root}: looked for ${names} outside node_modules, dot folders, ignored folders and build output.`;
}
