import type { Link } from '../fact-forms.ts';
import { KIND } from './flat-kinds.ts';
import { exportNameOfValue } from './flat-common-js.ts';
import { NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** The import or export that a use is a part of, and the export that this stands for; undefined for any other use. */
export function linkOf(tree: FlatTree, use: number): { readonly node: number; readonly link: Link } | undefined {
  const parent = tree.parent(use);
  const declaration = linkageAround(tree, parent);
  const module = declaration === 0 ? 0 : tree.child(declaration, SLOT.specifier);
  if (module === 0 || tree.child(declaration, SLOT.attributes) !== 0) return undefined;
  return { node: parent, link: { specifier: tree.start(module), name: exportedName(tree, parent) } };
}

function exportedName(tree: FlatTree, parent: number): string {
  const kind = tree.kind(parent);
  switch (kind) {
    case KIND.ImportSpecifier:
    case KIND.ExportSpecifier:
      return tree.value(tree.child(parent, SLOT.propertyName) || tree.child(parent, NAME_SLOT[kind] ?? -1));
    case KIND.ImportClause:
      return 'default';
    default:
      return '*';
  }
}

/** The import or export declaration that a name's parent belongs to; 0 for any other parent. */
function linkageAround(tree: FlatTree, parent: number): number {
  switch (tree.kind(parent)) {
    case KIND.ImportSpecifier:
      return importAround(tree, tree.parent(tree.parent(parent)));
    case KIND.ExportSpecifier:
      return tree.parent(tree.parent(parent));
    case KIND.NamespaceImport:
      return importAround(tree, tree.parent(parent));
    case KIND.ImportClause:
      return importAround(tree, parent);
    default:
      return 0;
  }
}

function importAround(tree: FlatTree, clause: number): number {
  const declaration = tree.parent(clause);
  return tree.kind(declaration) === KIND.ImportDeclaration ? declaration : 0;
}

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
