import { sep } from 'node:path';

/** What is to become of places in the view of a program; all paths are absolute and free of links. */
export interface MountWishes {
  readonly hidden: readonly string[];
  readonly writable: readonly string[];
  readonly readOnly: readonly string[];
  readonly readable: readonly string[];
  /** The folder that stands in for each of these, and may be written. */
  readonly temporary: { readonly folder: string; readonly places: readonly string[] };
}

type Kind = 'hide' | 'stand-in' | 'read' | 'open' | 'shut';

interface Place {
  readonly path: string;
  readonly kind: Kind;
  /** Under which it was put aside. */
  readonly number: string;
  /** Something above it is covered: it has to be put back. */
  readonly isCovered: boolean;
}

/** Of what is said of the same path the last counts. */
const ORDER: readonly Kind[] = ['hide', 'stand-in', 'read', 'open', 'shut'];

/**
 * Steps for the mount script, three parameters each. Whatever will be covered is put aside first; then places are
 * treated from the outside in, so that what is said of a folder holds up to where something else is said.
 */
export function planMounts(wishes: MountWishes): string[] {
  const places = placesOf(wishes);
  const { folder } = wishes.temporary;
  const kept = places.filter((place) => place.isCovered && place.kind !== 'hide');
  const closing = places.filter(({ kind, isCovered }) => kind === 'hide' && !isCovered);
  return [
    ...step('keep', folder, 'temporary'),
    ...kept.flatMap(({ path, number }) => step('keep', path, number)),
    ...places.flatMap(stepsOf),
    ...closing.flatMap(({ path }) => step('close', path)),
  ];
}

function placesOf(wishes: MountWishes): Place[] {
  const kinds = new Map<string, Kind>();
  const said: readonly (readonly [Kind, readonly string[]])[] = [
    ['hide', wishes.hidden],
    ['stand-in', wishes.temporary.places],
    ['read', wishes.readable],
    ['open', wishes.writable],
    ['shut', wishes.readOnly],
  ];
  for (const [kind, paths] of said) for (const path of paths) kinds.set(path, later(kinds.get(path), kind));
  const sorted = [...kinds].toSorted(([one], [other]) => depthOf(one) - depthOf(other) || (one < other ? -1 : 1));
  return sorted.map(([path, kind], index) => {
    const above = sorted.slice(0, index).findLast(([outer]) => isWithin(path, outer))?.[1];
    return { path, kind, number: `${index}`, isCovered: above === 'hide' || above === 'stand-in' };
  });
}

function later(one: Kind | undefined, other: Kind): Kind {
  return one !== undefined && ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}

function stepsOf({ path, kind, number, isCovered }: Place): string[] {
  const back = isCovered ? step('back', path, number) : [];
  switch (kind) {
    case 'hide':
      // Beneath something covered it is gone already.
      return isCovered ? [] : step('hide', path);
    case 'stand-in':
      return [...step('back', path, 'temporary'), ...step('open', path)];
    case 'read':
      return back;
    case 'open':
      return [...back, ...step('open', path)];
    case 'shut':
      return [...back, ...step('shut', path)];
  }
}

function step(name: string, path: string, number = ''): string[] {
  return [name, path, number];
}

function depthOf(path: string): number {
  return path.split(sep).length;
}

export function isWithin(path: string, folder: string): boolean {
  return path !== folder && path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
