import { realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, resolve } from 'node:path';

/** Where a specifier leads; nowhere where there is no path. */
export interface Lead {
  readonly path: string | undefined;
}

/** The source that a script is made from comes before the script itself. */
const SOURCES: Readonly<Record<string, string>> = { '.js': '.ts', '.jsx': '.tsx', '.mjs': '.mts', '.cjs': '.cts' };
const CODE = /^\.(?:d\.)?[cm]?[jt]sx?$|^\.json$/;
/** What may be added to a name; a folder is looked into after that. */
const ENDINGS = ['.ts', '.tsx', '.d.ts', '.js', '.jsx'] as const;

/**
 * Where a relative specifier leads, as far as the first rules of TypeScript say it, which hold whatever the options: a source beside,
 * or a file that is no code (`./app.css`). Undefined where further rules are needed.
 */
export function relativeLead(specifier: string, from: string): Lead | undefined {
  if (!/^\.\.?\/.*[^./]$/.test(specifier)) return undefined;
  const path = resolve(dirname(from), specifier).replaceAll('\\', '/');
  const ending = extname(path);
  const source = SOURCES[ending];
  const first = source === undefined ? path : path.slice(0, -ending.length) + source;
  if (CODE.test(ending)) return ending !== '.json' && isFile(first) ? { path: first } : undefined;
  if (isFile(`${path}.ts`)) return { path: `${path}.ts` };
  return isFile(path) && !ENDINGS.some((added) => isFile(path + added)) ? { path: undefined } : undefined;
}

/**
 * Where the name of an installed package leads, `folder` being its place in a `node_modules`: out of the workspace, even where
 * it has no types. Undefined for a package of the workspace that is linked there, and where only further rules can say.
 */
export function installedLead(specifier: string, from: string, folder: string): Lead | undefined {
  try {
    if (!realpathSync(folder).includes('/node_modules/')) return undefined;
    if (folder.endsWith(`/${specifier}`)) return isFile(`${folder}/package.json`) ? { path: folder } : undefined;
    return { path: createRequire(from).resolve(specifier) };
  } catch {
    // Node's rules do not know it; those of TypeScript may.
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
