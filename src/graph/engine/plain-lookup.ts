import { readdirSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, resolve } from 'node:path';
import { systemCodeOf } from '../../core/errors.ts';
import type { ProjectModel } from '../type-source.ts';

/** Where a specifier leads; nowhere where there is no path. */
export interface Lead {
  readonly path: string | undefined;
}

/** The source that a script is made from comes before the script itself. */
const SOURCES: Readonly<Record<string, string>> = { '.js': '.ts', '.jsx': '.tsx', '.mjs': '.mts', '.cjs': '.cts' };
/** Of a file: `.`, `..` and what ends with a stroke are folders. */
const RELATIVE = /^\.\.?\/.*[^./]$/;
const CODE = /^\.(?:d\.)?[cm]?[jt]sx?$/;
const NO_FOLDER: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);
/** What may be added to a name; a folder is looked into after that. */
const ENDINGS = ['.ts', '.tsx', '.d.ts', '.js', '.jsx'] as const;

/**
 * Where a relative specifier leads, as far as the first rules of TypeScript say it: a source beside, data, a file that is
 * no code (`./app.css`), or nothing where there is nothing of that name. Undefined where further rules are needed.
 */
export function relativeLead(
  specifier: string,
  from: string,
  options: ProjectModel['compilerOptions'],
): Lead | undefined {
  if (!RELATIVE.test(specifier)) return undefined;
  const path = resolve(dirname(from), specifier).replaceAll('\\', '/');
  if (!hasLikeNames(path)) return { path: undefined };
  const ending = extname(path);
  if (ending === '.json') return hasData(path, options) ? { path } : undefined;
  const source = SOURCES[ending];
  const first = source === undefined ? path : path.slice(0, -ending.length) + source;
  if (CODE.test(ending)) return isFile(first) ? { path: first } : undefined;
  if (isFile(`${path}.ts`)) return { path: `${path}.ts` };
  return isFile(path) && !ENDINGS.some((added) => isFile(path + added)) ? { path: undefined } : undefined;
}

/**
 * The path that TypeScript tries first for a relative specifier, so that it leads there if there is a file. Undefined where
 * there is more to it, as for a name without the ending that it needs.
 */
export function firstPath(specifier: string, from: string, needsEnding: boolean): string | undefined {
  if (!RELATIVE.test(specifier)) return undefined;
  const path = resolve(dirname(from), specifier).replaceAll('\\', '/');
  const ending = extname(path);
  const source = SOURCES[ending];
  if (source !== undefined) return path.slice(0, -ending.length) + source;
  if (ending === '.ts') return path.endsWith('.d.ts') ? undefined : path;
  return CODE.test(ending) || ending === '.json' || needsEnding ? undefined : `${path}.ts`;
}

/** Whether the rules are Node's, by which modules have to name others in full if they are not CommonJS. */
export function isOfNode({ module, moduleResolution }: ProjectModel['compilerOptions']): boolean {
  return [module, moduleResolution].some((option) => typeof option === 'string' && /^node(?:\d\d|next)/i.test(option));
}

/** Whether the folder has anything that the name could mean, whatever its extension and the case of its letters. */
function hasLikeNames(path: string): boolean {
  const name = basename(path).toLowerCase();
  const stem = name.slice(0, name.length - extname(name).length);
  try {
    const entries = readdirSync(dirname(path)).map((entry) => entry.toLowerCase());
    return entries.some((entry) => entry === name || entry === stem || entry.startsWith(`${stem}.`));
  } catch (error) {
    // In a folder that can't be listed there may be anything.
    return !NO_FOLDER.has(systemCodeOf(error) ?? '');
  }
}

/** JSON that the options let a file import; with some of them it depends on more than this. */
function hasData(path: string, { resolveJsonModule, moduleResolution }: ProjectModel['compilerOptions']): boolean {
  const isImported = resolveJsonModule ?? moduleResolution === 'bundler';
  return isImported === true && isFile(path) && !isFile(`${path.slice(0, -'.json'.length)}.d.json.ts`);
}

/**
 * Where the name of an installed package leads, `folder` being its place in a `node_modules`: out of the workspace, even where
 * it has no types. Undefined for a package of the workspace that is linked there, and where only further rules can say.
 */
export function installedLead(specifier: string, from: string, folder: string): Lead | undefined {
  try {
    if (!isInstalled(folder)) return undefined;
    if (folder.endsWith(`/${specifier}`)) return isFile(`${folder}/package.json`) ? { path: folder } : undefined;
    return { path: createRequire(from).resolve(specifier) };
  } catch {
    // Node's rules do not know it; those of TypeScript may.
    return undefined;
  }
}

/** Whether a package lies where it is installed, in place of being linked there. */
export function isInstalled(folder: string): boolean {
  return realpathSync(folder).includes('/node_modules/');
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
