import { KIND } from './flat-kinds.ts';
import { BODY_SLOT, INITIALIZER_SLOT, NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

interface Scope {
  readonly from: number;
  readonly to: number;
}

/** Where a name that stands alone is an expression of its own, whichever child of its parent it is. */
const AROUND_EXPRESSIONS: ReadonlySet<number> = new Set([
  KIND.CallExpression,
  KIND.NewExpression,
  KIND.ElementAccessExpression,
  KIND.BinaryExpression,
  KIND.ConditionalExpression,
  KIND.PrefixUnaryExpression,
  KIND.PostfixUnaryExpression,
  KIND.ParenthesizedExpression,
  KIND.NonNullExpression,
  KIND.AwaitExpression,
  KIND.TypeOfExpression,
  KIND.SpreadElement,
  KIND.SpreadAssignment,
  KIND.ArrayLiteralExpression,
  KIND.TemplateSpan,
  KIND.ReturnStatement,
  KIND.ThrowStatement,
  KIND.IfStatement,
  KIND.WhileStatement,
  KIND.ExpressionStatement,
  KIND.ForOfStatement,
  KIND.ForInStatement,
  KIND.ForStatement,
  KIND.SwitchStatement,
  KIND.CaseClause,
]);

const LOOPS: ReadonlySet<number> = new Set([KIND.ForOfStatement, KIND.ForInStatement, KIND.ForStatement]);

/**
 * Uses of local variables and parameters, which lead to no node: of all that a file would ask about, a third. Only what is
 * sure counts. A name that is bound elsewhere in the file in any other way is left to the compiler.
 */
export class FlatScopes {
  readonly #tree: FlatTree;
  readonly #scopes = new Map<string, Scope[]>();
  readonly #uses: { readonly row: number; readonly name: string; readonly at: number }[] = [];

  constructor(tree: FlatTree) {
    this.#tree = tree;
  }

  /** An identifier that is no use. */
  addName(name: number): void {
    const scope = this.#scopeOf(name);
    if (scope === undefined) return;
    const text = this.#tree.value(name);
    const known = this.#scopes.get(text);
    if (known === undefined) this.#scopes.set(text, [scope]);
    else known.push(scope);
  }

  addUse(row: number, name: string, use: number): void {
    if (isExpression(this.#tree, use)) this.#uses.push({ row, name, at: this.#tree.end(use) });
  }

  /** Rows of the uses that lead to no node. `isOther` says whether a name has another meaning somewhere in the file. */
  localRows(isOther: (name: string) => boolean): readonly number[] {
    const isLocal = ({ name, at }: { name: string; at: number }): boolean => {
      const scopes = this.#scopes.get(name);
      return scopes !== undefined && scopes.some(({ from, to }) => from < at && at <= to) && !isOther(name);
    };
    return this.#uses.filter(isLocal).map(({ row }) => row);
  }

  #scopeOf(name: number): Scope | undefined {
    const tree = this.#tree;
    const declaration = declarationOf(tree, name);
    const parent = tree.parent(declaration);
    switch (tree.kind(declaration)) {
      case KIND.Parameter: {
        // What decorates parameters and gives them values is outside.
        const body = tree.child(parent, BODY_SLOT[tree.kind(parent)] ?? -1);
        return body === 0 ? undefined : { from: tree.pos(body), to: tree.end(body) };
      }
      case KIND.VariableDeclaration: {
        const around = tree.parent(tree.kind(parent) === KIND.VariableDeclarationList ? parent : declaration);
        if (LOOPS.has(tree.kind(around))) return { from: tree.end(parent), to: tree.end(around) };
        const block = tree.parent(around);
        const isBlock = tree.kind(around) === KIND.VariableStatement && tree.kind(block) === KIND.Block;
        return isBlock ? { from: tree.pos(block), to: tree.end(block) } : undefined;
      }
      default:
        return undefined;
    }
  }
}

/** The parameter or variable that a name is bound by, be it in a pattern; 0 for any other name. */
function declarationOf(tree: FlatTree, name: number): number {
  let current = name;
  for (;;) {
    const parent = tree.parent(current);
    const kind = tree.kind(parent);
    if (kind === KIND.ObjectBindingPattern || kind === KIND.ArrayBindingPattern) {
      current = parent;
      continue;
    }
    if (tree.child(parent, NAME_SLOT[kind] ?? -1) !== current) return 0;
    if (kind === KIND.Parameter || kind === KIND.VariableDeclaration) return parent;
    if (kind !== KIND.BindingElement) return 0;
    current = parent;
  }
}

function isExpression(tree: FlatTree, use: number): boolean {
  const parent = tree.parent(use);
  const kind = tree.kind(parent);
  if (AROUND_EXPRESSIONS.has(kind)) return true;
  if (kind === KIND.PropertyAccessExpression) return tree.child(parent, SLOT.expression) === use;
  return tree.child(parent, INITIALIZER_SLOT[kind] ?? -1) === use;
}
