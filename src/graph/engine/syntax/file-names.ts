import type { HeirFacts } from '../fact-forms.ts';
import { walkFlat } from '../flat/flat-scan.ts';
import type { ScanSink } from '../flat/flat-scan.ts';
import { KIND } from '../flat/flat-kinds.ts';
import { INITIALIZER_SLOT, NAME_SLOT, SLOT, TYPE_SLOT } from '../flat/flat-slots.ts';
import type { FlatTree } from '../flat/flat-tree.ts';
import type { FileScan } from '../../type-source.ts';
import { isModuleTree, ModuleNames } from './module-names.ts';
import { MEANING, NameScopes } from './name-scopes.ts';
import { SELF } from './name-refs.ts';
import type { FileNames, Heir, HeirBase, NameRef } from './name-refs.ts';
import { TypeRefs } from './type-refs.ts';
import { UseRefs } from './use-refs.ts';
import { ValueRefs } from './value-refs.ts';

/** Scans a file and reads what its names lead to; of the tree nothing is kept. */
export function readFile(tree: FlatTree, path: string): { readonly scan: FileScan; readonly names: FileNames } {
  const walk = new WalkNotes();
  const { scan } = walkFlat(tree, path, walk);
  return { scan, names: new FileReader(tree, walk).read() };
}

/** What the walk meets, by rows: read when all anchors are known. */
class WalkNotes implements ScanSink {
  readonly uses: number[] = [];
  readonly anchors = new Map<number, number>();
  readonly heirs: { readonly heir: HeirFacts; readonly bases: readonly number[] }[] = [];

  addUse(use: number): void {
    this.uses.push(use);
  }

  addDeclaration(declaration: number, anchor: number): void {
    this.anchors.set(declaration, anchor);
  }

  addHeir(heir: HeirFacts, bases: readonly number[]): void {
    this.heirs.push({ heir, bases });
  }
}

class FileReader {
  readonly #tree: FlatTree;
  readonly #walk: WalkNotes;
  readonly #scopes: NameScopes;
  readonly #types: TypeRefs;
  readonly #values: ValueRefs;
  readonly #isModule: boolean;

  constructor(tree: FlatTree, walk: WalkNotes) {
    this.#tree = tree;
    this.#walk = walk;
    this.#isModule = isModuleTree(tree);
    this.#scopes = new NameScopes(tree);
    this.#types = new TypeRefs(tree, this.#scopes, { anchors: walk.anchors, isModule: this.#isModule });
    this.#values = new ValueRefs(tree, this.#scopes, this.#types);
  }

  read(): FileNames {
    const uses = new UseRefs(this.#tree, this.#scopes, this.#values);
    const values = new Map<number, NameRef>();
    const results = new Map<number, NameRef | typeof SELF>();
    const literals = new Set<number>();
    for (const [row, anchor] of this.#walk.anchors) {
      const value = this.#valueOf(row);
      if (value !== undefined) values.set(anchor, value);
      const result = this.#resultOf(row);
      if (result !== undefined) results.set(anchor, result);
      if (this.#isLiteral(row)) literals.add(anchor);
    }
    return {
      uses: this.#walk.uses.map((use) => uses.of(use)),
      exports: new ModuleNames(this.#tree, this.#scopes, this.#types).read(),
      globals: this.#isModule ? [] : [...this.#scopes.top.keys()],
      heirs: this.#walk.heirs.map(({ heir, bases }) => this.#heirOf(heir, bases)),
      values,
      results,
      literals,
    };
  }

  /** What a variable, a field, an accessor or a type alias stands for. */
  #valueOf(row: number): NameRef | undefined {
    const tree = this.#tree;
    const kind = tree.kind(row);
    if (kind === KIND.TypeAliasDeclaration) return this.#types.instanceOf(tree.child(row, 3));
    if (!VALUED.has(kind)) return undefined;
    const type = tree.child(row, TYPE_SLOT[kind] ?? -1);
    if (type !== 0) return this.#types.instanceOf(type);
    const value = tree.child(row, INITIALIZER_SLOT[kind] ?? -1);
    return value === 0 || kind === KIND.Parameter ? undefined : this.#values.of(value);
  }

  /** What a call returns, where it is written. Of overloads it depends on the call. */
  #resultOf(row: number): NameRef | typeof SELF | undefined {
    const tree = this.#tree;
    const kind = tree.kind(row);
    let callee = row;
    if (kind === KIND.VariableDeclaration || kind === KIND.PropertyDeclaration) {
      callee = tree.child(row, INITIALIZER_SLOT[kind] ?? -1);
    } else if (this.#isOverloaded(row, kind)) {
      return undefined;
    }
    const calleeKind = tree.kind(callee);
    if (!CALLED.has(calleeKind)) return undefined;
    const type = tree.child(callee, TYPE_SLOT[calleeKind] ?? -1);
    if (type === 0) return undefined;
    return tree.kind(type) === KIND.ThisType ? SELF : this.#types.instanceOf(type);
  }

  #isOverloaded(row: number, kind: number): boolean {
    const next = this.#tree.next(row);
    if (this.#tree.kind(next) !== kind) return false;
    const slot = NAME_SLOT[kind] ?? -1;
    return this.#tree.source(this.#tree.child(next, slot)) === this.#tree.source(this.#tree.child(row, slot));
  }

  /** Whether all members are those of one literal, of an object or of a type. */
  #isLiteral(row: number): boolean {
    const tree = this.#tree;
    const kind = tree.kind(row);
    if (kind === KIND.TypeAliasDeclaration) return tree.kind(tree.child(row, 3)) === KIND.TypeLiteral;
    if (kind !== KIND.VariableDeclaration || tree.child(row, TYPE_SLOT[kind] ?? -1) !== 0) return false;
    let value = tree.child(row, INITIALIZER_SLOT[kind] ?? -1);
    while (LITERAL_WRAPPERS.has(tree.kind(value))) {
      if (tree.kind(value) === KIND.AsExpression && tree.source(tree.child(value, 1)) !== 'const') return false;
      value = tree.child(value, SLOT.expression);
    }
    if (tree.kind(value) !== KIND.ObjectLiteralExpression) return false;
    for (let each = tree.first(tree.child(value, 0)); each !== 0; each = tree.next(each)) {
      if (tree.kind(each) === KIND.SpreadElement) return false;
    }
    return true;
  }

  #heirOf({ bases, members }: HeirFacts, rows: readonly number[]): Heir {
    const tree = this.#tree;
    const holder = tree.parent(tree.parent(rows[0] ?? 0));
    const read = bases.map(({ kind, hasStatics }, index): HeirBase => {
      const row = rows[index] ?? 0;
      const named = tree.child(row, SLOT.expression);
      const ref = hasStatics ? this.#values.of(named) : this.#typeOf(named);
      return { kind, isOfClass: hasStatics, ref };
    });
    return { anchor: this.#types.anchorOf(holder) ?? -1, bases: read, members };
  }

  /** A base type, which is written as an expression. */
  #typeOf(name: number): NameRef | undefined {
    const tree = this.#tree;
    if (tree.kind(name) !== KIND.PropertyAccessExpression) return this.#types.named(name, MEANING.type);
    const left = this.#types.named(tree.child(name, SLOT.expression), MEANING.namespace);
    return left === undefined ? undefined : this.#types.member(left, tree.value(tree.child(name, SLOT.accessName)));
  }
}

const VALUED = new Set([
  KIND.VariableDeclaration,
  KIND.PropertyDeclaration,
  KIND.PropertySignature,
  KIND.GetAccessor,
  KIND.Parameter,
]);
const CALLED = new Set([
  KIND.FunctionDeclaration,
  KIND.MethodDeclaration,
  KIND.MethodSignature,
  KIND.ArrowFunction,
  KIND.FunctionExpression,
]);
const LITERAL_WRAPPERS = new Set([KIND.ParenthesizedExpression, KIND.AsExpression, KIND.SatisfiesExpression]);
