import { SyntaxKind } from 'typescript/unstable/ast';
import { exportNameOfValue } from './flat-common-js.ts';
import { NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** The rule of `link-name.ts`, over a flat tree. */
export function linkNameOf(tree: FlatTree, use: number): string | undefined {
  const parent = tree.parent(use);
  const kind = tree.kind(parent);
  switch (kind) {
    case SyntaxKind.ImportSpecifier:
    case SyntaxKind.ExportSpecifier:
    case SyntaxKind.NamespaceImport:
    case SyntaxKind.ImportEqualsDeclaration:
    case SyntaxKind.ImportClause:
      return valueOf(tree, tree.child(parent, NAME_SLOT[kind] ?? -1));
    case SyntaxKind.BindingElement:
    case SyntaxKind.VariableDeclaration: {
      const name = tree.child(parent, NAME_SLOT[kind] ?? -1);
      return tree.kind(name) === SyntaxKind.Identifier ? tree.value(name) : undefined;
    }
    case SyntaxKind.ExportDeclaration:
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
  if (tree.kind(clause) !== SyntaxKind.NamespaceExport) return undefined;
  return valueOf(tree, tree.child(clause, NAME_SLOT[SyntaxKind.NamespaceExport] ?? -1));
}
