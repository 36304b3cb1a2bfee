import { KIND } from './flat-kinds.ts';
import { exportNameOfValue } from './flat-common-js.ts';
import { NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** The rule of `link-name.ts`, over a flat tree. */
export function linkNameOf(tree: FlatTree, use: number): string | undefined {
  const parent = tree.parent(use);
  const kind = tree.kind(parent);
  switch (kind) {
    case KIND.ImportSpecifier:
    case KIND.ExportSpecifier:
    case KIND.NamespaceImport:
    case KIND.ImportEqualsDeclaration:
    case KIND.ImportClause:
      return valueOf(tree, tree.child(parent, NAME_SLOT[kind] ?? -1));
    case KIND.BindingElement:
    case KIND.VariableDeclaration: {
      const name = tree.child(parent, NAME_SLOT[kind] ?? -1);
      return tree.kind(name) === KIND.Identifier ? tree.value(name) : undefined;
    }
    case KIND.ExportDeclaration:
      return namespaceName(tree, parent);
    default:
      return exportNameOfValue(tree, use);
  }
}

function valueOf(tree: FlatTree, name: number): string | undefined {
  return name === 0 ? undefined : tree.value(name);
}

function namespaceName(tree: FlatTree, declaration: number): string | undefined {
  const clause = tree.child(declaration, SLOT.clause);
  if (tree.kind(clause) !== KIND.NamespaceExport) return undefined;
  return valueOf(tree, tree.child(clause, NAME_SLOT[KIND.NamespaceExport] ?? -1));
}
