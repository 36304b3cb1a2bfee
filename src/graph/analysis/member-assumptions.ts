import type { GraphView } from '../query/graph-view.ts';
import { CLASSES, hasForeignBase, MEMBERS, isPrivate, isStatic, isTypeMember } from './member-traits.ts';

/** Properties of types that are surely no functions. */
const DATA = /: (?:readonly )?(?:string|number|boolean|bigint|Date|\w*Array|\w*Map|\w*Set)\b(?!.*=>)/;

interface Living {
  isLive(row: number): boolean;
}

/**
 * Members of living types that nothing is seen to call, but that could be called all the same, with how: by a base
 * outside the workspace, or by way of a type of the same shape, which TypeScript lets stand for theirs without a word.
 */
export function assumedUses(view: GraphView, living: Living): Map<number, string> {
  const found = new Map<number, string>();
  for (let row = 0; row < view.nodeCount; row += 1) {
    if (living.isLive(row) || !isTypeMember(view, row) || !living.isLive(view.containerOf(row))) continue;
    if (isPrivate(view, row) || isStatic(view, row)) continue;
    const how = hasForeignBase(view, view.containerOf(row))
      ? `${view.qualifiedNameOf(view.containerOf(row))} extends or implements something outside the workspace, which may call it`
      : sameShape(view, row, living);
    if (how !== undefined) found.set(row, how);
  }
  return found;
}

/** A living member of the same name in a type that is no base of this one, and no class. */
function sameShape(view: GraphView, row: number, living: Living): string | undefined {
  const namesakes = view.rowsByName.get(view.nameOf(row)) ?? [];
  if (namesakes.length < 2) return undefined;
  const family = new Set([row, ...view.dispatch.basesOf(row), ...view.dispatch.standInsOf(row)]);
  const other = namesakes.find(
    (each) => living.isLive(each) && !family.has(each) && isOfShape(view, each) && fits(view, row, each),
  );
  return other === undefined ? undefined : `it may be called as ${view.qualifiedNameOf(other)}, by its shape`;
}

function isOfShape(view: GraphView, row: number): boolean {
  return MEMBERS.has(view.kindOf(row)) && !CLASSES.has(view.kindOf(view.containerOf(row)));
}

/** A method can't stand where its namesake is data. */
function fits(view: GraphView, row: number, other: number): boolean {
  const isData = view.kindOf(other) === 'property' && DATA.test(view.columns.nodes.signature[other] ?? '');
  return view.kindOf(row) !== 'method' || !isData;
}
