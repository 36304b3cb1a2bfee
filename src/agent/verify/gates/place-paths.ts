import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadPlace } from './gate-reading.ts';

/** A path as a program wrote it, relative to the workspace; as it is, where it lies outside. */
export function pathWithin({ root, cwd }: ReadPlace, written: string): string {
  const path = written.startsWith('file://') ? fromUrl(written) : written;
  const inside = relative(root, resolve(cwd, path)).split(sep).join('/');
  return inside === '' || inside.startsWith('../') || isAbsolute(inside) ? path : inside;
}

/** Where the checkout lies says nothing to anybody, and differs from run to run. */
export function withoutPlace(root: string, text: string): string {
  return text.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '').replaceAll(root, '.');
}

function fromUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
