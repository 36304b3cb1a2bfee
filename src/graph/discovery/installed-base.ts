import { existsSync } from 'node:fs';
import { isObject, parseLooseObject } from './loose-json.ts';
import { readSmallText } from './small-text.ts';

/**
 * The configuration that an installed package offers under a name: `@scope/name`, its `tsconfig.json`, or a file of it with
 * its extension. Absolute. Undefined where it is not installed, or where more than its folder says what it is.
 */
export function installedBase(name: string, folder: string): string | undefined {
  const parts = /^(?<own>(?:@[\w.-]+\/)?[\w-][\w.-]*)(?<inside>\/[^\\]+\.json)?$/.exec(name)?.groups;
  const own = parts?.['own'];
  if (own === undefined || name.includes('/../')) return undefined;
  for (let around = folder; around !== ''; around = around.slice(0, around.lastIndexOf('/'))) {
    const place = `${around}/node_modules/${own}`;
    if (!existsSync(place)) continue;
    const base = baseIn(place, parts?.['inside'] ?? '/tsconfig.json');
    return base !== undefined && existsSync(base) ? base : undefined;
  }
  return undefined;
}

/** Of a package that says itself what it exports, or which its configuration is, its word counts. */
function baseIn(place: string, inside: string): string | undefined {
  const manifest = parseLooseObject(readSmallText(`${place}/package.json`) ?? '');
  if (!isObject(manifest) || manifest['exports'] !== undefined || manifest['tsconfig'] !== undefined) return undefined;
  return `${place}${inside}`;
}
