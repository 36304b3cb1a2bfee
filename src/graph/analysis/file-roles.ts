import type { PackageEntries } from '../package-entries.ts';
import type { GraphView } from '../query/graph-view.ts';
import { isTestPath } from '../test-path.ts';
import { isDeclarationFile } from './file-exports.ts';
import type { FileLink } from './file-links.ts';

/** Why a file runs although no other one has to import it; `imported` for the rest. */
export type FileRole =
  | 'entry'
  | 'test'
  | 'config'
  | 'framework'
  | 'script'
  | 'declarations'
  | 'untyped'
  | 'unimported'
  | 'imported';

/** Tools find these by their names. */
const CONFIG =
  /(?:^|\/)(?:\.[\w-]+rc|[\w.-]+\.(?:config|conf|setup|workspace|preset)|karma\.conf|gulpfile|Gruntfile)\.[cm]?[jt]sx?$|(?:^|\/)\.[\w-]+\//;
/** Frameworks load these by their place: Next, Remix, SvelteKit, Nuxt, Storybook. */
const FRAMEWORK =
  /(?:^|\/)(?:pages|app|routes)\/(?:.*\/)?(?:page|layout|route|loading|error|template|default|not-found|_app|_document|\+[\w.]+)\.[jt]sx?$|(?:^|\/)(?:middleware|instrumentation|proxy)\.[jt]s$|\.stories\.[jt]sx?$/;

/** Roles by the rows of the files' nodes. */
export function fileRolesOf(
  view: GraphView,
  links: readonly FileLink[],
  entries: PackageEntries,
): ReadonlyMap<number, FileRole> {
  const imported = new Set(links.filter(({ from, to }) => from !== to).map(({ to }) => to));
  const roles = new Map<number, FileRole>();
  for (let row = 0; row < view.nodeCount; row += 1) {
    if (view.kindOf(row) !== 'file') continue;
    const role = roleByPath(view.pathOf(row), entries);
    const isTyped = view.fileOf(row).state === 'typed';
    roles.set(row, isTyped ? (role ?? (imported.has(row) ? 'imported' : 'unimported')) : 'untyped');
  }
  return roles;
}

function roleByPath(path: string, entries: PackageEntries): FileRole | undefined {
  if (entries.files.has(path)) return 'entry';
  if (isDeclarationFile(path)) return 'declarations';
  if (isTestPath(path)) return 'test';
  if (CONFIG.test(path)) return 'config';
  if (FRAMEWORK.test(path)) return 'framework';
  return isNamed(path, entries.scripts) ? 'script' : undefined;
}

/** `node scripts/dev.js`, also where it is the output of `src/dev.ts`. */
function isNamed(path: string, scripts: string): boolean {
  const bare = path.replace(/\.[cm]?[jt]sx?$/, '').replace(/^src\//, '');
  return bare.length > 0 && [' ', '/', '\n'].some((before) => `\n${scripts}`.includes(`${before}${bare}.`));
}
