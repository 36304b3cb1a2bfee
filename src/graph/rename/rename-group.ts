import { kindMask, neighboursOf } from '../query/csr.ts';
import { INHERITANCE } from '../query/edge-groups.ts';
import type { GraphView } from '../query/graph-view.ts';
import { isMember } from './name-rules.ts';

const BASES = kindMask(['extends', 'implements']);

/**
 * All declarations that have to bear one name: of a member those that it overrides or implements, and those that do so,
 * through all of them; of anything else the declarations that are merged with it. The symbol itself is the first.
 */
export function renameGroup(view: GraphView, row: number): number[] {
  const group = new Set([row]);
  // The set grows while it is walked.
  for (const current of group) {
    for (const other of mergedWith(view, current)) group.add(other);
    if (!isMember(view, current)) continue;
    const relatives = [view.forward, view.reverse].flatMap((side) => neighboursOf(side, current, INHERITANCE));
    for (const relative of relatives) if (view.nameOf(relative) === view.nameOf(row)) group.add(relative);
  }
  return [...group];
}

/** An interface and a class, a function and a namespace of one name in one place are one symbol to the language. */
function mergedWith(view: GraphView, row: number): number[] {
  const container = view.containerOf(row);
  const siblings = container < 0 ? [] : view.membersOf(container);
  const isStatic = flagOf(view, row);
  return siblings.filter((other) => {
    return other !== row && view.nameOf(other) === view.nameOf(row) && flagOf(view, other) === isStatic;
  });
}

function flagOf(view: GraphView, row: number): number {
  return (view.columns.nodes.flags[row] ?? 0) & 4;
}

/** Classes and interfaces that the containers of members inherit from or that inherit from them, those included. */
export function familyOf(view: GraphView, members: readonly number[]): number[] {
  const up = closure(view, members, 'forward');
  const down = closure(view, members, 'reverse');
  return [...new Set([...up, ...down])];
}

function closure(view: GraphView, members: readonly number[], side: 'forward' | 'reverse'): Set<number> {
  const family = new Set(members.map((row) => view.containerOf(row)).filter((row) => row >= 0));
  for (const row of family) for (const other of neighboursOf(view[side], row, BASES)) family.add(other);
  return family;
}

/** Containers that name more bases than the graph knows: the others are in libraries, and may ask for a name. */
export function withForeignBases(view: GraphView, members: readonly number[]): number[] {
  const containers = [...new Set(members.map((row) => view.containerOf(row)))];
  return containers.filter((row) => {
    const clauses = (view.columns.nodes.signature[row] ?? '').matchAll(
      /\b(?:extends|implements)\s+([^{]*?)(?=\bimplements\b|$)/g,
    );
    const named = [...clauses].flatMap(([, names = '']) => withoutArguments(names).split(',')).length;
    return view.kindOf(row) !== 'file' && named > new Set(neighboursOf(view.forward, row, BASES)).size;
  });
}

/** `Map<string, number>` → `Map`. */
function withoutArguments(names: string): string {
  let plain = names;
  for (let before = ''; before !== plain;) {
    before = plain;
    plain = plain.replaceAll(/<[^<>]*>/g, '');
  }
  return plain;
}
