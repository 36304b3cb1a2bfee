import { NODE_FLAGS } from '../../graph-schema.ts';
import type { NodeKind } from '../../graph-schema.ts';
import type { ScannedNode } from '../../type-source.ts';
import type { PlainKnowledge } from './flat-places.ts';
import { KIND } from './flat-kinds.ts';
import type { FlatScopes } from './flat-scopes.ts';
import { NAME_SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';
import { hasThisPredicate } from './member-uses.ts';
import type { MemberUses } from './member-uses.ts';

/** No name that stands alone means one of these; of the parameters that are properties the scopes know. */
const MEMBERS: ReadonlySet<NodeKind> = new Set<NodeKind>(['property', 'method', 'accessor']);

/** What the text of one file says of its names, and need not be asked. Scripts bind and export in ways of their own. */
export function plainKnowledge(
  tree: FlatTree,
  nodes: readonly ScannedNode[],
  { scopes, members }: { readonly scopes: FlatScopes; readonly members: MemberUses },
): PlainKnowledge {
  const forOthers = { augments: augmentsOf(tree), hasThisPredicate: hasThisPredicate(tree) };
  if (tree.isScript) return { ...nothingKnown(), ...forOthers };
  const names = new Set(nodes.filter(({ kind }) => !MEMBERS.has(kind)).map(({ name }) => name));
  return {
    exports: plainExports(nodes),
    locals: scopes.localRows((name) => names.has(name)),
    shared: scopes.sharedRows(),
    members: members.sharedRows(),
    imported: scopes.importedRows(),
    ...forOthers,
  };
}

export function nothingKnown(): PlainKnowledge {
  const none = { exports: new Map(), shared: new Map(), members: new Map(), imported: new Map() };
  return { ...none, locals: [], hasThisPredicate: false, augments: [] };
}

/** Names of the modules in `declare module '…'`. */
function augmentsOf(tree: FlatTree): string[] {
  const names: string[] = [];
  for (let node = 1; node < tree.count; node += 1) {
    if (tree.kind(node) !== KIND.ModuleDeclaration) continue;
    const name = tree.child(node, NAME_SLOT[KIND.ModuleDeclaration] ?? -1);
    if (tree.kind(name) === KIND.StringLiteral) names.push(tree.value(name));
  }
  return names;
}

/** A name that several declarations at the top have is one thing to the compiler, or several: it knows. */
function plainExports(nodes: readonly ScannedNode[]): Map<string, number> {
  const exports = new Map<string, number>();
  const known = new Set<string>();
  for (const { name, container, flags, nameStart } of nodes) {
    if (container >= 0) continue;
    const isPlain = (flags & (NODE_FLAGS.exported | NODE_FLAGS.default)) === NODE_FLAGS.exported;
    if (isPlain && !known.has(name)) exports.set(name, nameStart);
    else exports.delete(name);
    known.add(name);
  }
  return exports;
}
