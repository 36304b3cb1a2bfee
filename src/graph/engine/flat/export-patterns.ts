import { isRequire } from './flat-common-js.ts';
import { KIND } from './flat-kinds.ts';
import { INITIALIZER_SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** Something by which a name of the file can stand for a whole module. */
const NAMESPACE = /\bimport\s*\*|\b(?:import|require)\s*\(/;

/** Tells which object patterns of a file may take exports out of a module, so that their names stand for those. */
export class ExportPatterns {
  readonly #tree: FlatTree;
  #hasNamespaces: boolean | undefined;

  constructor(tree: FlatTree) {
    this.#tree = tree;
  }

  /** Of `{ x } = …`: whether that is an awaited import, or a namespace. */
  mayTake(pattern: number): boolean {
    const tree = this.#tree;
    const variable = tree.parent(pattern);
    if (tree.kind(variable) !== KIND.VariableDeclaration) return false;
    const initializer = tree.child(variable, INITIALIZER_SLOT[KIND.VariableDeclaration] ?? -1);
    const kind = tree.kind(initializer);
    if (kind === KIND.Identifier) return (this.#hasNamespaces ??= NAMESPACE.test(tree.text));
    return kind === KIND.AwaitExpression || (kind === KIND.CallExpression && isRequire(tree, initializer));
  }
}
