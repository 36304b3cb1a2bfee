import { exportedNameOf, isExportList } from '../flat/flat-common-js.ts';
import { KIND } from '../flat/flat-kinds.ts';
import { flagsOf } from '../flat/flat-modifiers.ts';
import { MODIFIERS_SLOT, NAME_SLOT, SLOT } from '../flat/flat-slots.ts';
import type { FlatTree } from '../flat/flat-tree.ts';
import { NODE_FLAGS } from '../../graph-schema.ts';
import { MEANING } from './name-scopes.ts';
import type { NameScopes } from './name-scopes.ts';
import type { ModuleExports, NameRef } from './name-refs.ts';
import type { TypeRefs } from './type-refs.ts';

/** What stands for a module that assigns its exports as a whole. */
const WHOLE = '=';

/** Whether a file imports or exports anything. */
export function isModuleTree(tree: FlatTree): boolean {
  for (let statement = firstStatement(tree); statement !== 0; statement = tree.next(statement)) {
    switch (tree.kind(statement)) {
      case KIND.ImportDeclaration:
      case KIND.ImportEqualsDeclaration:
      case KIND.ExportDeclaration:
      case KIND.ExportAssignment:
        return true;
      default:
        if (isExported(tree, statement)) return true;
    }
  }
  return tree.isScript && /\brequire\s*\(|\bexports\b/.test(tree.text);
}

/** Reads what a module offers. */
export class ModuleNames {
  readonly #tree: FlatTree;
  readonly #scopes: NameScopes;
  readonly #types: TypeRefs;
  readonly #names = new Map<string, NameRef>();
  readonly #stars: string[] = [];

  constructor(tree: FlatTree, scopes: NameScopes, types: TypeRefs) {
    this.#tree = tree;
    this.#scopes = scopes;
    this.#types = types;
  }

  read(): ModuleExports {
    const tree = this.#tree;
    for (let statement = firstStatement(tree); statement !== 0; statement = tree.next(statement)) this.#add(statement);
    if (tree.isScript) this.#addAssigned();
    return { names: this.#names, stars: this.#stars };
  }

  #add(statement: number): void {
    const tree = this.#tree;
    switch (tree.kind(statement)) {
      case KIND.ExportDeclaration:
        this.#addList(statement);
        break;
      case KIND.ExportAssignment:
        this.#addValue(statement);
        break;
      default:
        if (isExported(tree, statement)) this.#addDeclared(statement);
    }
  }

  #addList(declaration: number): void {
    const tree = this.#tree;
    const source = tree.child(declaration, SLOT.specifier);
    const clause = tree.child(declaration, SLOT.clause);
    if (clause === 0) {
      this.#stars.push(tree.value(source));
    } else if (tree.kind(clause) === KIND.NamespaceExport) {
      this.#set(tree.value(tree.first(clause)), this.#types.link(tree.value(source), '*'));
    } else {
      for (let each = tree.first(tree.child(clause, 0)); each !== 0; each = tree.next(each)) {
        const given = tree.child(each, NAME_SLOT[KIND.ExportSpecifier] ?? -1);
        const taken = tree.child(each, SLOT.propertyName) || given;
        const ref = source === 0 ? this.#own(taken) : this.#types.link(tree.value(source), tree.value(taken));
        this.#set(tree.value(given), ref);
      }
    }
  }

  /** `export default …` and `export = …`. */
  #addValue(statement: number): void {
    const tree = this.#tree;
    const value = tree.child(statement, SLOT.exported);
    const ref = tree.kind(value) === KIND.Identifier ? this.#own(value) : this.#types.declared(statement);
    this.#set('default', ref);
    if (/^export\s*=/.test(tree.source(statement).slice(0, 40))) this.#set(WHOLE, ref);
  }

  #addDeclared(statement: number): void {
    const tree = this.#tree;
    if ((flagsOf(tree, statement) & NODE_FLAGS.default) !== 0) {
      this.#set('default', this.#types.declared(statement));
      return;
    }
    for (const name of namesOf(tree, statement)) {
      const bindings = this.#scopes.top.get(name);
      if (bindings !== undefined) this.#set(name, this.#types.bound(bindings));
    }
  }

  /** `exports.a = b`, `module.exports = { a, b: c }`. */
  #addAssigned(): void {
    const tree = this.#tree;
    for (let node = 2; node < tree.count; node += 1) {
      if (tree.kind(node) !== KIND.BinaryExpression) continue;
      const name = exportedNameOf(tree, node);
      if (name === undefined) continue;
      const value = tree.child(node, SLOT.right);
      const ref = tree.kind(value) === KIND.Identifier ? this.#own(value) : this.#types.declared(node);
      this.#set(name, ref);
      if (isExportList(tree, value) && tree.kind(value) === KIND.ObjectLiteralExpression) this.#addMembers(value);
      // Of an object the module is not the object itself: it is there under the names of its members.
      else if (name === 'default') this.#set(WHOLE, ref);
    }
  }

  #addMembers(literal: number): void {
    const tree = this.#tree;
    for (let member = tree.first(tree.child(literal, SLOT.properties)); member !== 0; member = tree.next(member)) {
      const kind = tree.kind(member);
      const name = tree.child(member, NAME_SLOT[kind] ?? -1);
      if (tree.kind(name) !== KIND.Identifier) continue;
      const value = kind === KIND.PropertyAssignment ? tree.child(member, 4) : name;
      const isPlain = kind === KIND.ShorthandPropertyAssignment || tree.kind(value) === KIND.Identifier;
      const isNamed = isPlain && kind !== KIND.MethodDeclaration;
      this.#set(tree.value(name), isNamed ? this.#own(value) : this.#types.declared(member));
    }
  }

  #own(name: number): NameRef | undefined {
    const bindings = this.#scopes.find(this.#tree.value(name), name, MEANING.any);
    return bindings === undefined ? undefined : this.#types.bound(bindings);
  }

  #set(name: string, ref: NameRef | undefined): void {
    if (ref !== undefined) this.#names.set(name, ref);
  }
}

function firstStatement(tree: FlatTree): number {
  return tree.first(tree.first(1));
}

function isExported(tree: FlatTree, statement: number): boolean {
  const modifiers = tree.child(statement, MODIFIERS_SLOT[tree.kind(statement)] ?? 0);
  for (let each = tree.first(modifiers); each !== 0; each = tree.next(each)) {
    if (tree.kind(each) === KIND.ExportKeyword) return true;
  }
  return false;
}

/** The names that a statement declares: those of variables may stand in patterns. */
function namesOf(tree: FlatTree, node: number): string[] {
  const kind = tree.kind(node);
  switch (kind) {
    case KIND.VariableStatement:
      return listed(tree, tree.child(tree.child(node, SLOT.declarationList), SLOT.declarations));
    case KIND.ObjectBindingPattern:
    case KIND.ArrayBindingPattern:
      return listed(tree, tree.child(node, 0));
    case KIND.Identifier:
      return [tree.value(node)];
    default: {
      const name = tree.child(node, NAME_SLOT[kind] ?? -1);
      return name === 0 ? [] : namesOf(tree, name);
    }
  }
}

function listed(tree: FlatTree, list: number): string[] {
  const names: string[] = [];
  for (let each = tree.first(list); each !== 0; each = tree.next(each)) names.push(...namesOf(tree, each));
  return names;
}
