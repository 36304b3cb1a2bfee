import { ts } from 'ts-morph';
import { TARGET } from '../type-source.ts';
import { anchorOf } from './declaration-anchor.ts';

/** Where a name points: a file of the workspace and an offset in it (-1 for the whole file), or a value of TARGET. */
export interface Target {
  readonly file: number;
  readonly position: number;
}

const EXTERNAL: readonly Target[] = [{ file: TARGET.external, position: 0 }];
const UNRESOLVED: readonly Target[] = [{ file: TARGET.unresolved, position: 0 }];

/** Asks one program's checker what names mean. */
export class SymbolResolver {
  readonly #checker: ts.TypeChecker;
  readonly #fileIndexOf: (file: ts.SourceFile) => number | undefined;
  /** Barrels make the same alias be followed thousands of times. */
  readonly #targets = new Map<ts.Symbol, readonly Target[]>();

  constructor(checker: ts.TypeChecker, fileIndexOf: (file: ts.SourceFile) => number | undefined) {
    this.#checker = checker;
    this.#fileIndexOf = fileIndexOf;
  }

  /** What the name at `node` stands for, through imports, re-exports and the members of unions. */
  targetsOf(node: ts.Node): readonly Target[] {
    const symbol = this.#symbolAt(node);
    if (symbol === undefined) return UNRESOLVED;
    const known = this.#targets.get(symbol);
    if (known !== undefined) return known;
    const found = this.#declared(symbol);
    this.#targets.set(symbol, found);
    return found;
  }

  /**
   * The constructor that `new` or `super()` runs: the class's own, else the nearest one it inherits. Empty when none is
   * written in the workspace.
   */
  constructorsOf(node: ts.Node): readonly Target[] {
    const symbol = this.#symbolAt(node);
    if (symbol === undefined) return [];
    let type = this.#checker.getDeclaredTypeOfSymbol(this.#withoutAlias(symbol));
    for (let depth = 0; depth < MAX_BASES && type.isClass(); depth += 1) {
      const own = type.symbol.members?.get(ts.InternalSymbolName.Constructor);
      if (own !== undefined) return this.#declared(own).filter(({ file }) => file >= 0);
      const [base] = this.#checker.getBaseTypes(type);
      if (base === undefined) return [];
      type = base;
    }
    return [];
  }

  /** The declaration of a symbol that stands for all of them. */
  canonicalTarget(symbol: ts.Symbol): Target | undefined {
    const declarations = symbol.declarations ?? [];
    const ordered = symbol.valueDeclaration === undefined ? declarations : [symbol.valueDeclaration, ...declarations];
    for (const declaration of ordered) {
      const source = declaration.getSourceFile();
      const file = this.#fileIndexOf(source);
      if (file === undefined) continue;
      return { file, position: ts.isSourceFile(declaration) ? -1 : anchorOf(declaration, source) };
    }
    return undefined;
  }

  #declared(symbol: ts.Symbol): readonly Target[] {
    const origin = this.#withoutAlias(symbol);
    if (origin.declarations === undefined)
      return ts.unescapeLeadingUnderscores(origin.escapedName) === 'unknown' ? UNRESOLVED : EXTERNAL;
    const targets: Target[] = [];
    for (const root of this.#checker.getRootSymbols(origin)) {
      const target = this.canonicalTarget(root);
      if (target !== undefined) targets.push(target);
    }
    return targets.length === 0 ? EXTERNAL : targets;
  }

  #symbolAt(node: ts.Node): ts.Symbol | undefined {
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent)) return this.#checker.getShorthandAssignmentValueSymbol(parent);
    if (ts.isExportSpecifier(parent) && parent.parent.parent.moduleSpecifier === undefined) {
      return this.#checker.getExportSpecifierLocalTargetSymbol(parent);
    }
    return this.#checker.getSymbolAtLocation(node);
  }

  #withoutAlias(symbol: ts.Symbol): ts.Symbol {
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
  }
}

/** No sane class has more ancestors; a circular one does. */
const MAX_BASES = 64;
